"""What a paragraph or a line is, by its words: boilerplate, a caption, a note, a quotation, a line of the head."""
