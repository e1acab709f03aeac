# Writes OUTPUT, a C++ source that holds the migrations FILES as string literals; see masthead_embed_schema.
set(entries "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(REGEX MATCH "^[0-9]+" digits ${name})
  math(EXPR number "${digits} + 0" OUTPUT_FORMAT DECIMAL)
  file(READ ${file} sql)
  list(APPEND keyed "${digits}:${file}")
endforeach()
list(SORT keyed)
foreach(key IN LISTS keyed)
  string(REGEX REPLACE "^([0-9]+):(.*)$" "\\2" file ${key})
  get_filename_component(name ${file} NAME_WE)
  string(REGEX MATCH "^0*([0-9]+)" digits ${name})
  file(READ ${file} sql)
  string(APPEND entries "    {${CMAKE_MATCH_1}, \"${name}\", R\"sql(${sql})sql\"},\n")
endforeach()
file(WRITE ${OUTPUT}
"#include \"absl/types/span.h\"
#include \"common/db/migrations.h\"

namespace ${NAMESPACE} {

absl::Span<const masthead::db::Migration> Schema() {
  static constexpr masthead::db::Migration kMigrations[] = {
${entries}  };
  return kMigrations;
}

}  // namespace ${NAMESPACE}
")
