"""Text around the body: which paragraphs are no part of it, and a second author below the first."""
