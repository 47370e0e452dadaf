"""People's answers about articles: exchange in files, sampling of questions, and measurements from the answers."""
