-- Which outlets are compared over time, how many articles did each publish in each period, and in which did
-- it publish nothing, or have an unusually long break?
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
FROM panel ORDER BY outlet, period
