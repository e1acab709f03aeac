# What our SMTP engine does beside Postfix's own load generator, against the same sink.
add_executable(smtp_bench ${CMAKE_CURRENT_LIST_DIR}/smtp_bench.cc)
target_link_libraries(smtp_bench PRIVATE masthead_options masthead_notifications_mail)
target_compile_definitions(smtp_bench PRIVATE POSTFIX_TOOLS="${CMAKE_CURRENT_LIST_DIR}/../support/postfix_tools")
