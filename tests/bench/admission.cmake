add_executable(overload_bench overload_bench.cc call_load.cc overload.cc process_cpu.cc server_process.cc)
target_link_libraries(overload_bench PRIVATE masthead_options masthead_test_server masthead_test_echo absl::flags absl::flags_parse)
