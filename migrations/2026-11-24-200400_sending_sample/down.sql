DROP TABLE sending_sample;
