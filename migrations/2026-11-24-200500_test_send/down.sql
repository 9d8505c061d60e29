DROP TABLE test_send;
