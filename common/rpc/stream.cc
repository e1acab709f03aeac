#include "common/rpc/stream.h"

#include <utility>

namespace masthead::rpc {

Bell::Subscription::Subscription(Bell& bell, std::function<void()> listener)
    : bell_(bell), listener_(std::move(listener)) {
  MutexLock lock(bell_.mutex_);
  bell_.subscriptions_.insert(this);
}

Bell::Subscription::~Subscription() {
  MutexLock lock(bell_.mutex_);
  bell_.subscriptions_.erase(this);
}

void Bell::Ring() {
  MutexLock lock(mutex_);
  for (Subscription* subscription : subscriptions_) subscription->listener_();
}

}  // namespace masthead::rpc
