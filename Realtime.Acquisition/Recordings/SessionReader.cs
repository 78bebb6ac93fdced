using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>Reads a session folder (docs/session-layout.md) into memory and checks all of it before anything runs on it.</summary>
public static class SessionReader
{
    /// <summary>Clock rate that times are put on where neither the caller nor meta.json names one; that of the usual rigs.</summary>
    public const double DefaultSampleRateHz = 30_000;

    // With the longest session that is read, sample numbers stay within 64 bits.
    private const double MaxSampleRateHz = 1e9;

    /// <summary>Reads the session; times become sample numbers by rounding to the nearest, halves to even.</summary>
    /// <param name="folder">Folder with the files of <see cref="SessionFiles"/>.</param>
    /// <param name="sampleRateHz">Samples per second; null = meta.json's sample_rate_hz, or 30,000.</param>
    /// <param name="note">Told, a sentence each, what was not in the files and what was taken instead; may be null.</param>
    /// <exception cref="SessionFormatException">A file is missing, damaged or at odds with another one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0, or above 1 GHz.</exception>
    public static Session Read(string folder, double? sampleRateHz = null, Action<string>? note = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (sampleRateHz is { } asked && !(asked > 0 && asked <= MaxSampleRateHz))
            throw new ArgumentOutOfRangeException(nameof(sampleRateHz), asked,
                $"Samples per second must be above 0 and at most {MaxSampleRateHz}.");
        if (!Directory.Exists(folder))
            throw new SessionFormatException(folder, "The session folder does not exist.",
                "Check the path; it must be the folder that holds meta.json.");
        var meta = SessionMetaReader.Read(Path.Combine(folder, SessionFiles.Meta));
        var rate = sampleRateHz ?? meta.SampleRateHz ?? DefaultSampleRateHz;
        var (spikeSamples, spikeUnits) = ReadSpikes(folder, meta, rate);
        var (behaviourSamples, behaviourValues) = ReadBehaviour(folder, meta, rate);
        var frames = SessionFrameReader.Read(folder, rate);
        var last = Math.Max(Math.Max(spikeSamples.LastOrDefault(), behaviourSamples.LastOrDefault()), frames?.Samples.LastOrDefault() ?? 0);
        var end = FindEnd(meta, last, rate, note);
        var segments = ReadSegments(folder, meta, end, note);
        var splits = meta.Splits ?? DefaultSplits(end, note);
        CheckSplits(meta.Path, splits, end, note);
        return new Session
        {
            Name = meta.Name ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            SampleRateHz = rate,
            Units = meta.UnitNames is { } names ? new UnitTable(names) : UnitTable.Numbered(meta.UnitCount),
            UnitRegions = meta.UnitRegions,
            SpikeSamples = spikeSamples,
            SpikeUnits = spikeUnits,
            Behaviour = meta.Channels,
            BehaviourSamples = behaviourSamples,
            BehaviourValues = behaviourValues,
            Frames = frames,
            DurationSeconds = end,
            Segments = segments,
            Train = splits.Train,
            Valid = splits.Valid,
            Test = splits.Test,
            Source = meta.Source,
        };
    }

    private static (long[] Samples, int[] Units) ReadSpikes(string folder, SessionMeta meta, double rate)
    {
        var samples = SessionTimes.Read(Path.Combine(folder, SessionFiles.SpikeTimes), rate);
        var path = Path.Combine(folder, SessionFiles.SpikeClusters);
        var clusters = NpyFile.Read<int>(path);
        if (!clusters.Header.IsVector || clusters.Values.Length != samples.Length)
            throw new SessionFormatException(path,
                $"One unit index per spike was expected, shape ({samples.Length},), but the shape is {clusters.Header.ShapeText}.",
                $"Save it together with {SessionFiles.SpikeTimes}, row for row.");
        for (var i = 0; i < clusters.Values.Length; i++)
        {
            if ((uint)clusters.Values[i] < (uint)meta.UnitCount) continue;
            throw new SessionFormatException(path,
                $"Unit index {clusters.Values[i]} at index {i} is outside 0 to {meta.UnitCount - 1} "
                + $"(n_units of {SessionFiles.Meta} is {meta.UnitCount}).",
                "Renumber the units from 0 without gaps, or mend n_units.");
        }

        return (samples, clusters.Values);
    }

    private static (long[] Samples, float[] Values) ReadBehaviour(string folder, SessionMeta meta, double rate)
    {
        var timesPath = Path.Combine(folder, SessionFiles.BehaviourTimes);
        var path = Path.Combine(folder, SessionFiles.BehaviourValues);
        if (meta.Channels.Length == 0)
        {
            if (!File.Exists(timesPath) && !File.Exists(path)) return ([], []);
            throw new SessionFormatException(meta.Path, "The folder has behaviour files, but 'behaviour_channels' names no columns.",
                "Add behaviour_channels: [{\"name\": ..., \"unit\": ...}, ...], one per column.");
        }

        var samples = SessionTimes.Read(timesPath, rate);
        var array = NpyFile.Read<float>(path);
        var columns = meta.Channels.Length;
        var isTable = array.Shape.Count == 2 && array.Shape[0] == samples.Length && array.Shape[1] == columns;
        var isColumn = columns == 1 && array.Shape.Count == 1 && array.Shape[0] == samples.Length;
        if (!isTable && !isColumn)
            throw new SessionFormatException(path,
                $"Shape ({samples.Length}, {columns}) was expected (rows of {SessionFiles.BehaviourTimes}, behaviour_channels of "
                + $"{SessionFiles.Meta}), but it is {array.Header.ShapeText}.", "Save one row per time and one column per channel.");
        var infinite = Array.FindIndex(array.Values, float.IsInfinity);
        if (infinite >= 0)
            throw new SessionFormatException(path,
                $"Row {infinite / columns} of '{meta.Channels[infinite % columns].Name}' is infinite (or too large for float32).",
                "Write NaN where the value is unknown.");
        return (samples, array.Values);
    }

    /// <summary>The session's end: duration_s, or the end of the last segment where pauses make that later.</summary>
    private static double FindEnd(SessionMeta meta, long last, double rate, Action<string>? note)
    {
        var segmentsEnd = meta.Segments is { Length: > 0 } segments ? segments.Max(range => range.End) : 0;
        var end = Math.Max(meta.DurationSeconds ?? 0, segmentsEnd);
        if (end == 0)
        {
            end = (last + 1) / rate;
            note?.Invoke($"{meta.Path} has no duration_s: the session ends with its last sample, at {end} s.");
        }
        else if (meta.DurationSeconds is { } duration && segmentsEnd > duration + 1e-6)
        {
            note?.Invoke($"{meta.Path}: duration_s is {duration} s, but the last segment ends at {segmentsEnd} s: "
                + "the session is taken to end there.");
        }

        // One sample's grace: a spike in the last half sample rounds up onto the end.
        if (last <= (long)Math.Round(end * rate) + 1) return end;
        throw new SessionFormatException(meta.Path,
            $"The session ends at {end} s, but its last spike, behaviour row or frame is at {last / rate} s.",
            "Mend duration_s (seconds from the session's start to its end), or leave the later rows out.");
    }

    private static TimeRange[] ReadSegments(string folder, SessionMeta meta, double end, Action<string>? note)
    {
        if (meta.Segments is { Length: > 0 } segments)
        {
            SessionTimes.CheckRanges(meta.Path, "segments", segments, end);
            return segments;
        }

        var path = Path.Combine(folder, SessionFiles.TrialIntervals);
        if (!File.Exists(path)) return [new TimeRange(0, end)];
        var array = NpyFile.Read<double>(path);
        if (array.Shape.Count != 2 || array.Shape[1] != 2)
            throw new SessionFormatException(path,
                $"Shape (trials, 2) was expected, start and end of each trial, but it is {array.Header.ShapeText}.", "Save two columns.");
        var trials = array.Values.Chunk(2).Select(pair => new TimeRange(pair[0], pair[1])).ToArray();
        SessionTimes.CheckRanges(path, "trial", trials, end);
        note?.Invoke($"{meta.Path} has no segments: each of the {trials.Length} trials of {SessionFiles.TrialIntervals} is taken as one.");
        return trials.Length > 0 ? trials : [new TimeRange(0, end)];
    }

    private static SessionSplits DefaultSplits(double end, Action<string>? note)
    {
        note?.Invoke("meta.json has no splits: "
            + "the first 60 % of the time is for training, the next 20 % for validation, the last 20 % for testing.");
        return SessionSplits.ByTime(end);
    }

    private static void CheckSplits(string path, SessionSplits splits, double end, Action<string>? note)
    {
        foreach (var (name, ranges) in new[] { ("train", splits.Train), ("valid", splits.Valid), ("test", splits.Test) })
        {
            SessionTimes.CheckRanges(path, $"splits.{name}", ranges, end);
            if (ranges.Length == 0) note?.Invoke($"{path}: splits.{name} is empty.");
        }

        SessionTimes.CheckApart(path, splits);
    }
}
