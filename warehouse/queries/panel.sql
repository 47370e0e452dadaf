-- Which outlets are compared over time, how many articles did each publish in each period, and when did it
-- deliver nothing?
-- Empty: no outlet has articles in four fifths of the days, weeks or months that are over, so periods cannot be compared.
FROM panel ORDER BY outlet, period
