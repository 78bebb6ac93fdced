using Realtime.Engine.Answers;
using Realtime.Engine.Latency;

namespace Realtime.Host.Running;

/// <summary>Reads a running pipeline's counters for the status line; rates and percentiles cover the interval since the last reading. One thread.</summary>
public sealed class StatusMeter
{
    private readonly HistogramDelta _age = new();
    private readonly HistogramDelta _total = new();
    private readonly long[] _answers = new long[4];
    private readonly RigPipeline _pipeline;
    private readonly long _startedNs;
    private long _lastNs;
    private long _lastSpikes;
    private long _lastTicks;
    private AnswerStatus _lastStatus = AnswerStatus.NoData;

    public StatusMeter(RigPipeline pipeline, long startedNs)
    {
        _pipeline = pipeline;
        _startedNs = startedNs;
        _lastNs = startedNs;
    }

    public double ElapsedS(long nowNs) => (nowNs - _startedNs) * 1e-9;

    /// <summary>Seconds since any source's last message.</summary>
    public double SilenceS(long nowNs)
    {
        var newest = _startedNs;
        foreach (var source in _pipeline.Sources) newest = Math.Max(newest, source.Connection.LastMessageNs);
        return (nowNs - newest) * 1e-9;
    }

    public StatusLine.State Read(long nowNs, string? trouble)
    {
        long spikes = 0, dropped = 0, lost = 0;
        var connected = true;
        foreach (var source in _pipeline.Sources)
        {
            spikes += source.Input.Ledger.Received;
            dropped += source.Input.Ledger.DroppedTotal;
            lost += source.Input.Ledger.LostUpstream;
            connected &= source.Connection.Connected;
        }

        var counters = _pipeline.Loop.Counters;
        var seconds = Math.Max(1e-3, (nowNs - _lastNs) * 1e-9);
        var ticks = counters.Ticks;
        foreach (var status in Enum.GetValues<AnswerStatus>())
        {
            var count = counters.Of(status);
            if (count != _answers[(int)status]) _lastStatus = status;
            _answers[(int)status] = count;
        }

        var state = new StatusLine.State
        {
            ElapsedS = ElapsedS(nowNs),
            Connected = connected,
            Started = _pipeline.Loop.Started,
            SpikesPerS = (spikes - _lastSpikes) / seconds,
            TicksPerS = (ticks - _lastTicks) / seconds,
            AgeP99Ms = _age.PercentileNs(_pipeline.Loop.Latencies.DataAge, 0.99) * 1e-6,
            TotalP99Us = _total.PercentileNs(_pipeline.Loop.Latencies.Total, 0.99) * 1e-3,
            Ticks = ticks,
            Missed = counters.Missed,
            NoData = counters.Of(AnswerStatus.NoData),
            Dropped = dropped,
            LostUpstream = lost,
            LastStatus = _lastStatus,
            Trouble = trouble,
        };
        (_lastNs, _lastSpikes, _lastTicks) = (nowNs, spikes, ticks);
        return state;
    }
}
