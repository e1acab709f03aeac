// Metrics of this process in Prometheus' model. Names: masthead_<what>_<unit>, counters end in _total.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "absl/strings/string_view.h"
#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace masthead::telemetry {

using Labels = std::map<std::string, std::string>;

// The process's registry; never destroyed.
prometheus::Registry& Registry();

// The metric of that name and those labels, made at the first use. Keep the reference: looking up takes a lock. Label
// values come from closed sets (method, code, outcome), never from callers.
prometheus::Counter& Counter(const std::string& name, const std::string& help, const Labels& labels = {});
prometheus::Gauge& Gauge(const std::string& name, const std::string& help, const Labels& labels = {});
// Buckets for seconds, from 0.5 ms to 30 s.
prometheus::Histogram& LatencySeconds(const std::string& name, const std::string& help, const Labels& labels = {});

// What /metrics answers.
std::string RenderMetrics();

}  // namespace masthead::telemetry
