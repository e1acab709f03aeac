add_executable(read_article_bench read_article_bench.cc call_load.cc echo_server.cc measured_calls.cc overload.cc process_cpu.cc reading_servers.cc
  server_process.cc)
target_link_libraries(read_article_bench PRIVATE masthead_options masthead_articles masthead_articles_stubs masthead_test_support
  masthead_test_server absl::flags absl::flags_parse)
add_executable(read_article_scale_bench read_article_scale_bench.cc call_load.cc echo_server.cc filled_store.cc measured_calls.cc process_cpu.cc
  reading_servers.cc server_process.cc)
target_link_libraries(read_article_scale_bench PRIVATE masthead_options masthead_articles masthead_articles_stubs masthead_test_support
  masthead_test_server absl::flags absl::flags_parse)
add_executable(feed_read_bench feed_read_bench.cc call_load.cc measured_calls.cc process_cpu.cc)
target_link_libraries(feed_read_bench PRIVATE masthead_options masthead_articles masthead_articles_stubs masthead_test_support
  masthead_test_server absl::flags absl::flags_parse)
add_executable(search_bench search_bench.cc call_load.cc filled_store.cc)
target_link_libraries(search_bench PRIVATE masthead_options masthead_articles masthead_articles_stubs masthead_test_support masthead_test_server
  absl::flags absl::flags_parse)

add_executable(schedule_bench schedule_bench.cc ${CMAKE_SOURCE_DIR}/tests/articles/planned_articles.cc)
target_link_libraries(schedule_bench PRIVATE masthead_options masthead_articles masthead_test_support absl::flags absl::flags_parse)
add_executable(publish_visibility_bench publish_visibility_bench.cc call_load.cc)
target_link_libraries(publish_visibility_bench PRIVATE masthead_options masthead_articles masthead_articles_stubs masthead_test_support
  masthead_test_server absl::flags absl::flags_parse)
