"""A second model, asked over the network about articles of which the first is unsure: prompt, client, answers, rows."""
