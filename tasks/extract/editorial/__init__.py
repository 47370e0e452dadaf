"""Text around the body: captions, credits, notes, biographies, boilerplate, and a second author below the first."""
