#include "common/config/config.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/flags/usage_config.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace masthead::config {
namespace {

constexpr size_t kMaxFileBytes = size_t{64} * 1024;

// Closes on the way out.
class File {
 public:
  explicit File(const std::string& path) : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  int descriptor() const { return descriptor_; }

 private:
  int descriptor_;
};

// Comes before the command line is parsed, which then has the last word.
void TakeFlagsFromEnvironment() {
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    const std::string variable = absl::StrCat("MASTHEAD_", absl::AsciiStrToUpper(name));
    const char* value = std::getenv(variable.c_str());
    if (value == nullptr || flag->IsRetired()) continue;
    std::string error;
    if (flag->ParseFrom(value, &error)) continue;
    std::fprintf(stderr, "ERROR: Illegal value in the environment for %s%s%s\n", variable.c_str(),
                 error.empty() ? "" : ": ", error.c_str());
    std::exit(1);
  }
}

// `kind` is for messages; a file with one of the `forbidden` mode bits is refused.
absl::StatusOr<std::string> ReadFile(const std::string& path, absl::string_view kind, mode_t forbidden) {
  const std::string name = absl::StrCat("the ", kind, " file ", path);
  const File file(path);
  struct stat status;
  if (file.descriptor() < 0 || fstat(file.descriptor(), &status) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", name));
  }
  if (!S_ISREG(status.st_mode)) return absl::FailedPreconditionError(absl::StrCat(name, " is no regular file"));
  if ((status.st_mode & forbidden) != 0) {
    return absl::FailedPreconditionError(
        absl::StrCat("everybody may read ", name, ": take that right away (chmod o-r)"));
  }
  std::string content(kMaxFileBytes + 1, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count = read(file.descriptor(), content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", name));
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  if (size > kMaxFileBytes) return absl::FailedPreconditionError(absl::StrCat(name, " is larger than 64 KiB"));
  content.resize(size);
  absl::string_view text = content;
  if (absl::ConsumeSuffix(&text, "\n")) absl::ConsumeSuffix(&text, "\r");
  if (text.empty()) return absl::FailedPreconditionError(absl::StrCat(name, " is empty"));
  return std::string(text);
}

}  // namespace

std::vector<std::string> Parse(int argc, char** argv) {
  absl::FlagsUsageConfig usage;
  usage.contains_helpshort_flags = [](absl::string_view file) { return !absl::StrContains(file, "absl/"); };
  usage.contains_help_flags = usage.contains_helpshort_flags;
  absl::SetFlagsUsageConfig(usage);
  TakeFlagsFromEnvironment();
  const std::vector<char*> arguments = absl::ParseCommandLine(argc, argv);
  return {arguments.begin() + 1, arguments.end()};
}

absl::StatusOr<std::string> ReadSecretFile(const std::string& path) { return ReadFile(path, "secret", S_IROTH); }

absl::StatusOr<std::string> ReadPublicFile(const std::string& path) { return ReadFile(path, "public", 0); }

}  // namespace masthead::config
