-- Which outlets are compared over time, how much did each publish in each period, and when was it silent?
-- Empty: no outlet has been heard in four fifths of the days, weeks or months that are over, so periods cannot be compared.
FROM panel ORDER BY outlet, period
