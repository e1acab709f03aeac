// Configuration: Abseil flags, each also settable by the environment; secrets only by files.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace masthead::config {

// Parses the command line; a flag not given there is taken from MASTHEAD_<FLAG_IN_UPPER_CASE> if set. Returns the
// positional arguments without the program's name. Exits with a clear message on an unknown flag or a bad value.
std::vector<std::string> Parse(int argc, char** argv);

// The content of a secret's file, without a trailing line break. Fails on a missing or empty file, on one above 64 KiB,
// and on one that the whole world may read; a group may, because Kubernetes hands secrets to a pod's group (mode 0440).
// Errors name the file, never its content.
absl::StatusOr<std::string> ReadSecretFile(const std::string& path);

// The same for a file that is no secret, and that everybody may read.
absl::StatusOr<std::string> ReadPublicFile(const std::string& path);

}  // namespace masthead::config
