-- Shares with their intervals, and balances, which the other views and macros use.

-- A share. For fewer than 5 articles the result is empty, because so few cannot support a share.
CREATE OR REPLACE MACRO share_of(part, whole) AS
CASE WHEN whole >= 5 THEN round(part::DOUBLE / whole, 4) END;

-- The lower end of the 95 % interval of a share by Wilson's score (1927), which is also valid for few articles and near
-- 0 and 1. For fewer than 5 articles the result is empty, as that of share_of is.
CREATE OR REPLACE MACRO share_low(part, whole) AS
CASE WHEN whole >= 5 THEN round(greatest(0, (
    part + 1.920729 - 1.959964 * sqrt(part::DOUBLE * (whole - part) / whole + 0.960365)
) / (whole + 3.841459)), 4) END;

-- The upper end of the interval of which share_low gives the lower end; empty for fewer than 5 articles too.
CREATE OR REPLACE MACRO share_high(part, whole) AS
CASE WHEN whole >= 5 THEN round(least(1, (
    part + 1.920729 + 1.959964 * sqrt(part::DOUBLE * (whole - part) / whole + 0.960365)
) / (whole + 3.841459)), 4) END;

-- The balance of the stated sides: 1 is all in favor, -1 all against. If fewer than 5 articles state a side, the result
-- is empty, because so few cannot support a balance.
CREATE OR REPLACE MACRO balance_of(favor, against) AS
CASE WHEN favor + against >= 5 THEN round((favor - against)::DOUBLE / (favor + against), 4) END;
