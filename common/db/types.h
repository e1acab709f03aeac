// Teaches libpqxx the types we bind and read. Written for libpqxx 6; libpqxx 7 spells string_traits differently, and this is the one file to
// change. Placeholder: the db room completes it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "pqxx/pqxx"
