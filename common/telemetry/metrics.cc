#include "common/telemetry/metrics.h"

#include "prometheus/text_serializer.h"

namespace masthead::telemetry {
namespace {

const prometheus::Histogram::BucketBoundaries& LatencyBuckets() {
  static const auto& buckets = *new prometheus::Histogram::BucketBoundaries{
      0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};
  return buckets;
}

}  // namespace

prometheus::Registry& Registry() {
  // Never destroyed: threads that outlive main's statics still count. Merge makes the second registration of a name
  // find the first.
  static auto& registry = *new prometheus::Registry(prometheus::Registry::InsertBehavior::Merge);
  return registry;
}

prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(Registry()).Add(labels);
}

prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(Registry()).Add(labels);
}

prometheus::Histogram& LatencySeconds(const std::string& name, const std::string& help, const Labels& labels) {
  return prometheus::BuildHistogram().Name(name).Help(help).Register(Registry()).Add(labels, LatencyBuckets());
}

std::string RenderMetrics() { return prometheus::TextSerializer().Serialize(Registry().Collect()); }

}  // namespace masthead::telemetry
