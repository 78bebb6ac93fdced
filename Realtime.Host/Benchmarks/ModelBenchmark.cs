using System.Diagnostics;
using Realtime.Engine.Decoding;
using Realtime.Engine.Latency;
using Realtime.Host.Doctor;
using Realtime.Host.Running;
using Realtime.Models;
using Realtime.Models.Kernels;
using Realtime.Models.Transformer;

namespace Realtime.Host.Benchmarks;

/// <summary>
/// Time of one decoder call in steady state: tick after tick on a stream of random spikes, fresh ones each hop. The call alone is timed;
/// keeping the window, and waiting for the next hop, are not part of it.
/// </summary>
public static class ModelBenchmark
{
    // Enough calls for caches, carried state and branch predictors to be as they stay, beside filling the window.
    private const int MinWarmUpTicks = 50;

    // A percentile of fewer is no measurement.
    private const int MinTicks = 20;

    private const int MinWindowSpikes = 65_536;

    // What a source sends at once: the spikes of a window's last block are not settled before it closes.
    private const long BlockNs = 10_000_000;

    // Room for a window that holds more than its mean.
    private const double WindowSpikesReserve = 2;

    /// <param name="name">What the model is called in the result.</param>
    /// <param name="file">Any model.</param>
    /// <param name="options">Load and length.</param>
    /// <param name="cancellation">Stops between ticks.</param>
    /// <exception cref="ModelFormatException">The model cannot be loaded.</exception>
    /// <exception cref="UserErrorException">The hop does not fit the model, or its answers are not finite.</exception>
    public static ModelBenchmarkResult Run(string name, ModelFile file, ModelBenchmarkOptions options, CancellationToken cancellation = default)
    {
        var hopNs = options.HopMs is { } ms ? (long)Math.Round(ms * 1e6) : ModelHop.DefaultNs(file);
        var maxSpikes = (int)Math.Max(MinWindowSpikes, WindowSpikesReserve * options.SpikesPerS * 1e-9 * Math.Max(hopNs, file.Config.BinNs * file.Config.Lags));
        var decoder = ModelLoader.Create(file, new DecoderOptions
        {
            HopNs = hopNs,
            MaxWindowSpikes = maxSpikes,
            ComputeThreads = options.Threads,
            ComputeCpu = options.ComputeCpu,
        });
        using var owned = decoder as IDisposable;
        var description = decoder.Description;
        if (description.HopNs != 0 && description.HopNs != hopNs)
            throw new UserErrorException($"--hop-ms is {hopNs * 1e-6}; model '{description.Name}' must be called every {description.HopNs * 1e-6} ms.", ExitCode.Usage);

        var spikes = new RandomSpikes(options.SpikesPerS, description.Units.Count, description.WindowNs, hopNs, maxSpikes, options.Seed);
        var values = new float[description.Outputs.Count];
        var warmUp = Math.Max(MinWarmUpTicks, description.WindowNs / hopNs + 1);
        decoder.Reset();
        var frames = new RandomFrames(description.Frames, hopNs, options.Seed);
        for (var tick = 0; tick < warmUp; tick++)
        {
            cancellation.ThrowIfCancellationRequested();
            var window = spikes.Advance();
            frames.Show(decoder, window.EndNs);
            decoder.Decode(in window, values);
        }

        var peakBefore = FmaPeak.MeasureGflops(options.Threads);
        var measured = Measure(decoder, spikes, frames, values, framesAhead: false, options, cancellation);
        var framed = description.Frames is null ? (LatencyHistogram?)null : Measure(decoder, spikes, frames, values, framesAhead: true, options, cancellation).Times;
        var ahead = AheadBenchmark.Measure(decoder, spikes, frames, values, BlockNs, options, cancellation);
        var peak = Math.Max(peakBefore, FmaPeak.MeasureGflops(options.Threads));
        if (values.Any(value => !float.IsFinite(value)))
            throw new UserErrorException($"{file.Name} answers with numbers that are not finite; the time that takes says nothing.", ExitCode.BadInput);

        var meanSpikes = (double)measured.Spikes / measured.Times.Count;
        var stages = ModelWork.PerTick(file, meanSpikes, hopNs);
        var multiplyAdds = stages.Sum(stage => stage.MultiplyAdds);
        var gflops = 2e-9 * multiplyAdds / (measured.Times.PercentileNs(0.5) * 1e-9);
        return new ModelBenchmarkResult
        {
            Config = name,
            Kind = description.Name,
            Weights = OriginText.Word(file.Config.Training.Origin),
            ModelHash = description.Hash,
            Kernels = stages.Count > 0 ? KernelSet.Best.Name : "none",
            Threads = options.Threads,
            Units = description.Units.Count,
            SpikesPerS = options.SpikesPerS,
            SpikesPerWindow = meanSpikes,
            HopMs = hopNs * 1e-6,
            WindowMs = description.WindowNs * 1e-6,
            P50Us = Microseconds(measured.Times.PercentileNs(0.5)),
            P99Us = Microseconds(measured.Times.PercentileNs(0.99)),
            P999Us = Microseconds(measured.Times.PercentileNs(0.999)),
            MaxUs = Microseconds(measured.Times.MaxNs),
            MinUs = Microseconds(measured.Times.MinNs),
            CpuMeanUs = 1e6 * measured.CpuS / measured.Times.Count,
            FramedP50Us = framed is null ? null : Microseconds(framed.PercentileNs(0.5)),
            FramedP99Us = framed is null ? null : Microseconds(framed.PercentileNs(0.99)),
            FramedMinUs = framed is null ? null : Microseconds(framed.MinNs),
            ClosedCpuMeanUs = ahead is { } call ? 1e6 * call.CpuS / call.Closed.Count : null,
            ClosedP50Us = ahead is { } closed ? Microseconds(closed.Closed.PercentileNs(0.5)) : null,
            ClosedP99Us = ahead is { } tail ? Microseconds(tail.Closed.PercentileNs(0.99)) : null,
            ClosedMinUs = ahead is { } fastest ? Microseconds(fastest.Closed.MinNs) : null,
            AheadP50Us = ahead is { } whole ? Microseconds(whole.Ahead.PercentileNs(0.5)) : null,
            LongestPieceUs = ahead is { } pieces ? Microseconds(pieces.Piece.PercentileNs(0.99)) : null,
            Count = measured.Times.Count,
            WarmUpTicks = warmUp,
            AllocatedBytes = measured.AllocatedBytes + (ahead?.AllocatedBytes ?? 0),
            GcCollections = measured.Collections,
            MultiplyAdds = multiplyAdds,
            Stages = stages.ToDictionary(stage => stage.Stage.Replace(",", "", StringComparison.Ordinal).Replace(' ', '_').Replace('-', '_'), stage => stage.MultiplyAdds),
            Gflops = gflops,
            PeakGflops = peak,
            ShareOfPeak = gflops / peak,
            ResidentBytes = Environment.WorkingSet,
            ProgramVersion = RunReporter.ProgramVersion,
            Cpu = MachineDescription.Read().Cpu,
        };
    }

    // Whole nanoseconds, without the digits that a division leaves.
    private static double Microseconds(long ns) => Math.Round(ns * 1e-3, 3);

    private static (LatencyHistogram Times, long Spikes, long AllocatedBytes, int Collections, double CpuS) Measure(
        IDecoder decoder, RandomSpikes stream, RandomFrames frames, float[] values, bool framesAhead, ModelBenchmarkOptions options, CancellationToken cancellation)
    {
        var times = new LatencyHistogram();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var (spikes, allocated, collections, cpu) = (0L, 0L, GC.CollectionCount(0), 0.0);
        var began = Stopwatch.GetTimestamp();
        while (options.Ticks is { } ticks ? times.Count < ticks : times.Count < MinTicks || Stopwatch.GetElapsedTime(began).TotalSeconds < options.Seconds)
        {
            cancellation.ThrowIfCancellationRequested();
            var window = stream.Advance();
            spikes += window.TimesNs.Length;
            frames.Show(decoder, window.EndNs);
            if (framesAhead) AheadBenchmark.PrepareFrames(decoder, in window, stream.LastEndNs);
            var bytes = GC.GetAllocatedBytesForCurrentThread();
            var used = Environment.CpuUsage.TotalTime;
            var from = Stopwatch.GetTimestamp();
            decoder.Decode(in window, values);
            var to = Stopwatch.GetTimestamp();
            cpu += (Environment.CpuUsage.TotalTime - used).TotalSeconds;
            allocated += GC.GetAllocatedBytesForCurrentThread() - bytes;
            times.Record((long)Stopwatch.GetElapsedTime(from, to).TotalNanoseconds);
        }

        return (times, spikes, allocated, GC.CollectionCount(0) - collections, cpu);
    }
}
