#include "tests/bench/process_cpu.h"

#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace masthead::bench {

absl::Duration CpuOf(pid_t pid) {
  std::ifstream file(absl::StrCat("/proc/", pid, "/stat"));
  std::string line{std::istreambuf_iterator<char>(file), {}};
  // After the name, which may hold anything but ends at the last parenthesis: state is field 3, utime 14, stime 15.
  std::istringstream fields(line.substr(line.rfind(')') + 2));
  std::string skipped;
  for (int field = 3; field < 14; ++field) fields >> skipped;
  int64_t user = 0;
  int64_t system = 0;
  fields >> user >> system;
  return absl::Seconds(static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK)));
}

absl::Duration WaitForCpuOf(pid_t pid) {
  absl::Duration waited;
  std::error_code gone;
  for (const auto& task : std::filesystem::directory_iterator(absl::StrCat("/proc/", pid, "/task"), gone)) {
    std::ifstream file(task.path() / "schedstat");
    int64_t ran = 0;
    int64_t ready = 0;
    if (file >> ran >> ready) waited += absl::Nanoseconds(ready);
  }
  return waited;
}

}  // namespace masthead::bench
