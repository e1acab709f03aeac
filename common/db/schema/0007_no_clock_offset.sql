-- In a transaction after that of 0006: whoever still ran the function that reads it has ended, or is waited for. A test
-- moves the clock by replacing db_now().
DROP TABLE clock_offset;
