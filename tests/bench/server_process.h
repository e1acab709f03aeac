// A server in a process of its own, so that its CPU can be told from the client's.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace masthead::bench {

// This very program, started again with `flags`; it ends when the object goes.
class ServerProcess {
 public:
  // Returns when the child has told its port; stops this process if it tells nothing.
  explicit ServerProcess(const std::vector<std::string>& flags);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  pid_t pid() const { return pid_; }
  std::string target() const;
  // What else the child told.
  const std::string& word(size_t i) const { return words_.at(i); }

 private:
  pid_t pid_ = 0;
  int input_ = -1;
  std::vector<std::string> words_;
};

// In the child: tells the parent the port, and what else it needs, in one line; serves until the parent lets go.
void ServeUntilInputEnds(const std::string& line);

}  // namespace masthead::bench
