-- How many articles speak about each target, with and without syndicated copies?
FROM coverage ORDER BY articles_about DESC, target
