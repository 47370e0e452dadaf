"""What people say of articles: handing it over, drawing what they should read, and what comes of it."""
