# Turns the imported targets of gRPC and Abseil, and Protobuf's, from the shared libraries to the archives that Debian ships beside them. The
# binary then carries what it uses of them: a smaller image, and nothing to keep in step.

# The archives refer to one another in both directions.
set(CMAKE_CXX_LINK_EXECUTABLE
  "<CMAKE_CXX_COMPILER> <FLAGS> <CMAKE_CXX_LINK_FLAGS> <LINK_FLAGS> <OBJECTS> -o <TARGET> -Wl,--start-group <LINK_LIBRARIES> -Wl,--end-group")

# Every imported target of `package` under `prefix`, whatever configuration it was exported for.
function(masthead_use_archives directory)
  get_property(targets DIRECTORY ${directory} PROPERTY IMPORTED_TARGETS)
  foreach(target IN LISTS targets)
    if(NOT target MATCHES "^(gRPC|absl|protobuf)::")
      continue()
    endif()
    get_target_property(configurations ${target} IMPORTED_CONFIGURATIONS)
    foreach(configuration IN LISTS configurations)
      get_target_property(location ${target} IMPORTED_LOCATION_${configuration})
      if(NOT location)
        get_target_property(location ${target} IMPORTED_LOCATION)
      endif()
      string(REGEX REPLACE "\\.so(\\.[^/]*)?$" ".a" archive "${location}")
      if(EXISTS ${archive})
        set_target_properties(${target} PROPERTIES IMPORTED_LOCATION_${configuration} ${archive} IMPORTED_SONAME_${configuration} "")
        set_property(TARGET ${target} PROPERTY IMPORTED_LOCATION ${archive})
      endif()
    endforeach()
  endforeach()
endfunction()

masthead_use_archives(${CMAKE_SOURCE_DIR})
