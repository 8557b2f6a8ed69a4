"""What pages share: words, the frame around a page, the clip picker, the form, and the verdict."""
