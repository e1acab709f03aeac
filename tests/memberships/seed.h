// The seed of a property test: another one each run, and told, so that a failure can be repeated with
// MASTHEAD_TEST_SEED.
#pragma once

#include <cstdlib>
#include <iostream>
#include <random>
#include <string>

namespace masthead::memberships {

inline unsigned TestSeed() {
  const char* given = std::getenv("MASTHEAD_TEST_SEED");
  const unsigned seed = given == nullptr ? std::random_device{}() : static_cast<unsigned>(std::stoul(given));
  std::cout << "MASTHEAD_TEST_SEED=" << seed << std::endl;
  return seed;
}

}  // namespace masthead::memberships
