# What our SMTP engine does beside Postfix's own load generator, against the same sink; signed, beside `openssl speed`.
add_library(masthead_bench_smtp_setting STATIC ${CMAKE_CURRENT_LIST_DIR}/smtp_setting.cc)
target_link_libraries(masthead_bench_smtp_setting PUBLIC masthead_options masthead_notifications_mail)
target_compile_definitions(masthead_bench_smtp_setting PRIVATE POSTFIX_TOOLS="${CMAKE_CURRENT_LIST_DIR}/../support/postfix_tools")

add_executable(smtp_bench ${CMAKE_CURRENT_LIST_DIR}/smtp_bench.cc)
target_link_libraries(smtp_bench PRIVATE masthead_bench_smtp_setting)
target_compile_definitions(smtp_bench PRIVATE NODE_SENDER="${CMAKE_CURRENT_LIST_DIR}/node_sender.cjs")

add_executable(signing_bench ${CMAKE_CURRENT_LIST_DIR}/signing_bench.cc)
target_link_libraries(signing_bench PRIVATE masthead_bench_smtp_setting masthead_notifications_dkim)
