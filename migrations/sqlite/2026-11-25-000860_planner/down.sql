DROP TABLE sqlite_stat1;
DROP TABLE IF EXISTS sqlite_stat4;
