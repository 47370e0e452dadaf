"""A second model, asked over the network about what the first one is unsure of: prompt, client, answers, rows."""
