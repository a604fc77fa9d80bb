-- How the seeds in sqlite/ were made, with the sqlite3 command line, each part into a new file. All invented.
-- The seed `with-log` is `a.db` and `a.db-wal` of the last part, taken while the program was still open, joined
-- as `targets::files` reads them: "\n== db\n", the database, "\n== wal\n", the log.

-- table
PRAGMA page_size=512;
CREATE TABLE gone(a);
CREATE TABLE message(_id INTEGER PRIMARY KEY, text_data TEXT, thumb BLOB, lat REAL, d INT DEFAULT 5);
CREATE TABLE k(a TEXT, b INT, PRIMARY KEY(b, a)) WITHOUT ROWID;
CREATE VIEW v AS SELECT 1;
INSERT INTO gone VALUES (zeroblob(700));
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
INSERT INTO message SELECT i, 'erfunden ' || i, zeroblob(i % 4 * i * 9), i * 1.5, i FROM n;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30)
INSERT INTO k SELECT 'key ' || i, i % 3 FROM n;
DROP TABLE gone;
ALTER TABLE message ADD COLUMN added TEXT DEFAULT 'x';

-- utf16
PRAGMA page_size=1024;
PRAGMA encoding='UTF-16le';
CREATE TABLE t(a, "b c" TEXT, d AS (a + 1), e AS (a) STORED);
INSERT INTO t VALUES (1, 'Grüße'), (-1, x'00'), (NULL, 9223372036854775807), (1e300, 'erfunden');

-- with-log
PRAGMA page_size=512;
PRAGMA journal_mode=WAL;
PRAGMA wal_autocheckpoint=0;
CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);
INSERT INTO t VALUES (1, 'erfunden');
INSERT INTO t VALUES (2, 'auch');
DELETE FROM t WHERE a = 1;
