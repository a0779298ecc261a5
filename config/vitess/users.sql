-- The accounts with which a tablet uses its MySQL server, through the socket of the same machine. For an empty server,
-- once: mysqld --initialize-insecure, start it with --skip-log-bin, mysql < users.sql.
set sql_log_bin = 0;

create user if not exists vt_dba@localhost, vt_app@localhost, vt_appdebug@localhost, vt_allprivs@localhost, vt_filtered@localhost;
grant all on *.* to vt_dba@localhost with grant option;
grant select, insert, update, delete, create, drop, reload, process, file, references, index, alter, show databases,
  create temporary tables, lock tables, execute, replication client, create view, show view, create routine,
  alter routine, create user, event, trigger on *.* to vt_app@localhost;
grant select, show databases, process on *.* to vt_appdebug@localhost;
grant select, insert, update, delete, create, drop, reload, process, file, references, index, alter, show databases,
  create temporary tables, lock tables, execute, replication slave, replication client, create view, show view,
  create routine, alter routine, create user, event, trigger on *.* to vt_allprivs@localhost, vt_filtered@localhost;

-- The one that comes over the network: a replica to its primary.
create user if not exists vt_repl@'%';
grant replication slave on *.* to vt_repl@'%';
