"""Language and quality of an extracted text."""
