(function () {
  'use strict';
  var result = JSON.parse(document.getElementById('data').textContent);
  var plots = [];
  // Where nothing is confirmed there is nothing to draw of it.
  var confirmed = result.publishToConfirmUs;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
  }

  function short(value) {
    if (value >= 1e6) return +(value / 1e6).toPrecision(3) + ' M';
    if (value >= 1e3) return +(value / 1e3).toPrecision(3) + ' k';
    return +value.toPrecision(3) + '';
  }

  function time(us) {
    if (us >= 1e6) return +(us / 1e6).toPrecision(3) + ' s';
    if (us >= 1e3) return +(us / 1e3).toPrecision(3) + ' ms';
    return +us.toPrecision(3) + ' µs';
  }

  function text(format) {
    return function (plot, value) { return value == null ? '–' : format(value); };
  }

  function axis(format, width) {
    return {
      stroke: function () { return colour('quiet'); },
      grid: { stroke: function () { return colour('line'); }, width: 1 },
      ticks: { stroke: function () { return colour('line'); }, width: 1 },
      size: width,
      values: function (plot, splits) {
        return splits.map(function (value) { return value == null ? null : format(value); });
      }
    };
  }

  function line(label, name, format) {
    return {
      label: label,
      stroke: function () { return colour(name); },
      width: 2,
      spanGaps: false,
      points: { show: false },
      value: text(format)
    };
  }

  function draw(id, options, data) {
    var place = document.getElementById(id);
    if (!data[0].length) {
      place.textContent = 'nothing measured';
      return;
    }
    options.width = place.clientWidth;
    options.height = 250;
    options.padding = [10, 34, 0, 0];
    plots.push({ place: place, plot: new uPlot(options, data, place) });
  }

  var middle = result.intervals.map(function (i) { return (i.fromMs + i.lengthMs / 2) / 1000; });

  function perSecond(name) {
    return result.intervals.map(function (i) { return i[name] * 1000 / i.lengthMs; });
  }

  function seconds(value) { return +value.toFixed(2) + ' s'; }

  draw('throughput', {
    scales: { x: { time: false }, y: { range: function (plot, low, high) { return [0, (high || 1) * 1.08]; } } },
    axes: [axis(seconds, 34), axis(short, 62)],
    series: [
      { label: 'at', value: text(seconds) },
      line('sent', 'c', short)
    ].concat(confirmed ? [line('confirmed', 'a', short)] : [], [line('delivered', 'b', short)])
  }, [middle, perSecond('sent')].concat(confirmed ? [perSecond('confirmed')] : [], [perSecond('delivered')]));

  function decades(plot, scale, low, high) {
    var splits = [];
    for (var at = Math.pow(10, Math.floor(Math.log10(low))); at <= high * 1.001; at *= 10) splits.push(at);
    return splits;
  }

  // Whole decades, so that the labels stand at both ends.
  function wholeDecades(plot, low, high) {
    return [
      Math.pow(10, Math.floor(Math.log10(Math.max(1, low || 1)))),
      Math.pow(10, Math.ceil(Math.log10(Math.max(10, high || 10)) + 0.001))
    ];
  }

  var logarithmic = { distr: 3, range: wholeDecades };

  function latencyAxis() {
    var made = axis(time, 62);
    made.splits = decades;
    return made;
  }

  function overTime(id, name) {
    function pick(field) {
      return result.intervals.map(function (i) { return i[name][field] > 0 ? i[name][field] : null; });
    }
    var some = pick('max').some(function (value) { return value != null; });
    draw(id, {
      scales: { x: { time: false }, y: logarithmic },
      axes: [axis(seconds, 34), latencyAxis()],
      series: [
        { label: 'at', value: text(seconds) },
        line('p50', 'a', time), line('p99', 'b', time), line('max', 'c', time)
      ]
    }, some ? [middle, pick('p50'), pick('p99'), pick('max')] : [[]]);
  }

  if (confirmed) overTime('confirm', 'confirmUs');
  overTime('deliver', 'deliverUs');

  // The curve: one in how many takes longer, on a logarithmic axis, so that the tail has room.
  function curve(latency) {
    return latency.curve.filter(function (point) { return point[0] < 100; }).map(function (point) {
      return [100 / (100 - point[0]), Math.max(1, point[1])];
    });
  }

  function joined(first, second) {
    var xs = first.concat(second).map(function (point) { return point[0]; });
    xs = xs.filter(function (x, i) { return xs.indexOf(x) === i; }).sort(function (a, b) { return a - b; });
    function at(points) {
      var last = points.length ? points[points.length - 1][0] : 0;
      return xs.map(function (x) {
        if (x > last) return null;
        var found = points.filter(function (point) { return point[0] >= x; })[0];
        return found ? found[1] : null;
      });
    }
    return confirmed ? [xs, at(first), at(second)] : [xs, at(second)];
  }

  function percentile(x) { return x <= 1 ? '0 %' : +(100 - 100 / x).toPrecision(Math.ceil(Math.log10(x)) + 3) + ' %'; }

  var percentAxis = axis(percentile, 34);
  percentAxis.splits = decades;
  draw('curve', {
    scales: { x: { time: false, distr: 3 }, y: logarithmic },
    axes: [percentAxis, latencyAxis()],
    series: [
      { label: 'percentile', value: text(percentile) }
    ].concat(confirmed ? [line('to confirm', 'a', time)] : [], [line('to deliver', 'b', time)])
  }, joined(confirmed ? curve(confirmed) : [], curve(result.publishToDeliverUs)));

  window.addEventListener('resize', function () {
    plots.forEach(function (each) { each.plot.setSize({ width: each.place.clientWidth, height: 250 }); });
  });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', function () {
    plots.forEach(function (each) { each.plot.redraw(false); });
  });
})();
