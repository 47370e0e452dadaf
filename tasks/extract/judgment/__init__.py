"""Kind, language and quality of an extracted text."""
