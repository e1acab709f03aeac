foreach(bench access_check metered_check member_import)
  add_executable(${bench}_bench ${bench}_bench.cc call_load.cc measured_calls.cc memberships_server.cc process_cpu.cc server_process.cc)
  target_link_libraries(${bench}_bench PRIVATE masthead_options masthead_memberships masthead_memberships_stubs masthead_test_support
    masthead_test_server absl::flags absl::flags_parse)
endforeach()
target_sources(access_check_bench PRIVATE echo_server.cc)

add_executable(renewal_bench renewal_bench.cc)
target_link_libraries(renewal_bench PRIVATE masthead_memberships masthead_test_support absl::flags absl::flags_parse)
