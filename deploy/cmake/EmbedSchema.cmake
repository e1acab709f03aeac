# Writes OUTPUT, a C++ source that holds the migrations FILES as string literals; see masthead_embed_schema.

# Names start with four digits, so the order of names is that of numbers.
set(named "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  list(APPEND named "${name}:${file}")
endforeach()
list(SORT named)

set(entries "")
foreach(entry IN LISTS named)
  string(REGEX MATCH "^(0*([0-9]+)[^:]*):(.*)$" matched ${entry})
  file(READ ${CMAKE_MATCH_3} sql)
  string(APPEND entries "    {${CMAKE_MATCH_2}, \"${CMAKE_MATCH_1}\", R\"sql(${sql})sql\"},\n")
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
