// Follows a real feed as a consumer would over the wire, and misbehaves on demand.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "common/base/mutex.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "tests/common/events/newsroom.h"

namespace masthead::events {

class Source {
 public:
  explicit Source(Feed& feed) : feed_(feed) {}

  std::unique_ptr<SourceStream> Open(const std::string& cursor) {
    ++opened_;
    return std::make_unique<Follower>(*this, cursor);
  }

  auto opener() {
    return [this](grpc::ClientContext&, const std::string& cursor) { return Open(cursor); };
  }

  // The next streams end at once with these.
  void Refuse(absl::Status status) {
    MutexLock lock(mutex_);
    refusals_.push_back(std::move(status));
  }
  void RefuseAlways(absl::Status status) {
    MutexLock lock(mutex_);
    always_ = std::move(status);
  }
  // Every batch comes with all earlier events again, as from a peer that forgot what it sent.
  void RepeatEverything() { repeat_ = true; }

  int opened() const { return opened_; }

 private:
  class Follower final : public SourceStream {
   public:
    Follower(Source& source, std::string cursor) : source_(source), cursor_(std::move(cursor)) {}

    bool Read(SourceBatch& batch) override {
      status_ = source_.NextRefusal();
      if (!status_.ok()) return false;
      absl::StatusOr<Batch> next = source_.feed_.Read(Soon(), cursor_, 10);
      if (next.ok() && next->records.empty() && !first_) absl::SleepFor(absl::Milliseconds(20));
      status_ = next.status();
      if (!next.ok()) return false;
      first_ = false;
      if (source_.repeat_ && !next->records.empty()) next->records = source_.feed_.Read(Soon(), "", 1000)->records;
      cursor_ = next->cursor;
      batch = *std::move(next);
      return true;
    }

    absl::Status Finish() override { return status_; }

   private:
    Source& source_;
    std::string cursor_;
    absl::Status status_;
    bool first_ = true;
  };

  absl::Status NextRefusal() {
    MutexLock lock(mutex_);
    if (refusals_.empty()) return always_;
    absl::Status status = std::move(refusals_.front());
    refusals_.pop_front();
    return status;
  }

  Feed& feed_;
  std::atomic<int> opened_ = 0;
  std::atomic<bool> repeat_ = false;
  Mutex mutex_;
  std::deque<absl::Status> refusals_ ABSL_GUARDED_BY(mutex_);
  absl::Status always_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace masthead::events
