-- How many pieces speak about each target at all, with and without syndicated copies?
FROM coverage ORDER BY articles_about DESC, target
