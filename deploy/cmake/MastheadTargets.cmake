# How our own targets are made: one function for libraries, one for a service's schema.

# Warnings are errors on our code; generated and foreign headers come in as SYSTEM. One warning of -Wextra is off: it takes a designated
# initializer, which leaves out on purpose what has a default, for an oversight.
add_library(masthead_options INTERFACE)
target_compile_options(masthead_options INTERFACE
  -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wno-missing-field-initializers -Werror)
target_include_directories(masthead_options INTERFACE ${CMAKE_SOURCE_DIR})
# libpqxx 6 was built without std::optional support switched on for its headers.
target_compile_definitions(masthead_options INTERFACE PQXX_HAVE_OPTIONAL=1)

if(MASTHEAD_HARDENING)
  add_compile_options(-D_FORTIFY_SOURCE=2 -fstack-protector-strong -fstack-clash-protection -fcf-protection -D_GLIBCXX_ASSERTIONS)
  add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
  # What is not hardening but belongs to the same binaries: no library that nothing is called of, and relocations in a tenth of the bytes
  # (glibc 2.36 and newer read them).
  add_link_options(-Wl,--as-needed -Wl,-z,pack-relative-relocs)
endif()

# Our own code alone: what protoc generates is foreign, and half of the time it would take. Its flags stay dev's, so ccache has its objects.
if(MASTHEAD_SANITIZE)
  target_compile_options(masthead_options INTERFACE -fsanitize=${MASTHEAD_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MASTHEAD_SANITIZE})
endif()
if(MASTHEAD_SANITIZE STREQUAL "thread")
  # Protobuf's maps are longer where this is defined. They are shared with generated code and with the library, where it is not; libstdc++,
  # which is all headers here, is told by its own name for it.
  target_compile_options(masthead_options INTERFACE -U__SANITIZE_THREAD__ -D_GLIBCXX_TSAN=1)
endif()

# masthead_library(name SOURCES a.cc... DEPENDS target...)
function(masthead_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  if(ARG_SOURCES)
    add_library(${name} STATIC ${ARG_SOURCES})
    target_link_libraries(${name} PUBLIC masthead_options ${ARG_DEPENDS})
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE masthead_options ${ARG_DEPENDS})
  endif()
endfunction()

# What tests/run builds in a sanitizer's folder.
add_custom_target(masthead_tests)

# masthead_test(name LABELS unit|database|service|e2e|tsan SOURCES a_test.cc... DEPENDS target... [TIMEOUT seconds])
# `unit` tests need no Postgres; the others start or share a private cluster (tests/support); `service` tests have a whole service. `tsan` marks
# the concurrent ones: the preset `tsan` runs those alone. A sanitizer's tests have it in their name, so that one ctest can run them all.
function(masthead_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "LABELS;SOURCES;DEPENDS" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE masthead_options ${ARG_DEPENDS} GTest::gmock GTest::gtest_main)
  if(MASTHEAD_SANITIZE STREQUAL "thread" AND NOT "tsan" IN_LIST ARG_LABELS)
    set_target_properties(${name} PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
  endif()
  add_dependencies(masthead_tests ${name})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  set(test ${name})
  if(MASTHEAD_SANITIZE)
    string(REGEX MATCH "^[a-z]+" sanitizer ${MASTHEAD_SANITIZE})
    set(test ${name}.${sanitizer})
    math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 5")
  endif()
  add_test(NAME ${test} COMMAND ${name})
  set_tests_properties(${test} PROPERTIES LABELS "${ARG_LABELS}" TIMEOUT ${ARG_TIMEOUT})
endfunction()

# masthead_embed_schema(target namespace file.sql...) adds to `target` a source that defines
#   absl::Span<const masthead::db::Migration> <namespace>::Schema();
# of the given numbered files, in the order of their numbers. Editing a file rebuilds the target.
function(masthead_embed_schema target namespace)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${target}_schema.cc)
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DNAMESPACE=${namespace} "-DFILES=${ARGN}" -P ${CMAKE_SOURCE_DIR}/deploy/cmake/EmbedSchema.cmake
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/deploy/cmake/EmbedSchema.cmake
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
