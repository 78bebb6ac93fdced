using System.Text.Json.Nodes;
using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;

namespace Realtime.Acquisition.Recordings;

/// <summary>
/// Writes a session folder while it is being recorded: spikes, behaviour and video frames go to disk as they come, and the description is completed at the end.
/// What a killed program leaves behind, <see cref="SessionRepair"/> completes. One thread; adding allocates nothing.
/// </summary>
public sealed class SessionAppender : IDisposable
{
    private readonly string _folder;
    private readonly string _name;
    private readonly double _rate;
    private readonly JsonObject _recording;
    private readonly NpyAppender<double> _times;
    private readonly NpyAppender<int> _clusters;
    private NpyAppender<double>? _behaviourTimes;
    private NpyAppender<float>? _behaviourValues;
    private SessionFrameAppender? _frames;
    private IReadOnlyList<UnitId> _units;
    private IReadOnlyList<OutputChannel> _channels = [];

    /// <param name="folder">Folder to make; must not exist or be empty.</param>
    /// <param name="name">Name of the session.</param>
    /// <param name="units">Units by row.</param>
    /// <param name="sampleRateHz">Rate of the sample numbers.</param>
    /// <param name="recording">Notes on the recording, kept under meta.json's key "recording".</param>
    /// <exception cref="IOException">The folder or its files cannot be made.</exception>
    public SessionAppender(string folder, string name, IReadOnlyList<UnitId> units, double sampleRateHz, JsonObject recording)
    {
        (_folder, _name, _units, _rate, _recording) = (folder, name, units, sampleRateHz, recording);
        Directory.CreateDirectory(folder);
        WriteMeta(complete: false, null);
        _times = new NpyAppender<double>(At(SessionFiles.SpikeTimes));
        try
        {
            _clusters = new NpyAppender<int>(At(SessionFiles.SpikeClusters));
        }
        catch
        {
            _times.Dispose();
            throw;
        }
    }

    /// <summary>Spikes that lie whole in the folder.</summary>
    public long Spikes => Math.Min(_times.Rows, _clusters.Rows);

    /// <summary>Behaviour rows that lie whole in the folder.</summary>
    public long BehaviourRows => Math.Min(_behaviourTimes?.Rows ?? 0, _behaviourValues?.Rows ?? 0);

    /// <summary>Video frames that lie whole in the folder.</summary>
    public long Frames => _frames?.Rows ?? 0;

    /// <summary>Whether <see cref="BeginBehaviour"/> was called.</summary>
    public bool HasBehaviour => _channels.Count > 0;

    /// <summary>Adds a spike; samples count from the session's start and must not fall.</summary>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void AddSpike(long sample, int unit)
    {
        _times.Add(sample / _rate);
        _clusters.Add(unit);
    }

    /// <summary>Says which channels the behaviour has, before its first row.</summary>
    /// <exception cref="IOException">The files cannot be made.</exception>
    public void BeginBehaviour(IReadOnlyList<OutputChannel> channels)
    {
        _channels = channels;

        // Before the files: a description of files that are not there can be mended, files that nothing describes cannot.
        WriteMeta(complete: false, null);
        _behaviourTimes = new NpyAppender<double>(At(SessionFiles.BehaviourTimes));
        _behaviourValues = new NpyAppender<float>(At(SessionFiles.BehaviourValues), channels.Count);
    }

    /// <summary>Adds a row of behaviour, one value per channel, NaN where unknown; samples must not fall.</summary>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void AddBehaviour(long sample, ReadOnlySpan<float> values)
    {
        _behaviourTimes!.Add(sample / _rate);
        _behaviourValues!.Add(values);
    }

    /// <summary>Says what kind of frames will come, before the first of them.</summary>
    /// <param name="shape">Size of every frame.</param>
    /// <param name="areBytes">Whether pixels are kept as bytes, 0 to 255; else as float32.</param>
    /// <exception cref="IOException">The files cannot be made.</exception>
    public void BeginFrames(FrameShape shape, bool areBytes) => _frames = new SessionFrameAppender(_folder, shape, areBytes);

    /// <summary>Adds a video frame; samples must ascend, arrivals must not fall and not lie before their samples.</summary>
    /// <param name="sample">When it was shown.</param>
    /// <param name="arrival">When it could first be used.</param>
    /// <param name="pixels">[height, width].</param>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void AddFrame(long sample, long arrival, ReadOnlySpan<float> pixels) => _frames!.Add(sample / _rate, arrival / _rate, pixels);

    /// <summary>Says that more units have come.</summary>
    /// <param name="units">Units by row: the former ones and the new ones.</param>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void SetUnits(IReadOnlyList<UnitId> units)
    {
        _units = units;
        WriteMeta(complete: false, null);
    }

    /// <summary>Writes out what has come.</summary>
    /// <exception cref="IOException">The disk could not be written; the files keep what they had.</exception>
    public void Flush()
    {
        _times.Flush();
        _clusters.Flush();
        _behaviourTimes?.Flush();
        _behaviourValues?.Flush();
        _frames?.Flush();
    }

    /// <summary>Completes the session.</summary>
    /// <param name="covered">What was recorded: its one segment.</param>
    /// <param name="notes">More for the key "recording".</param>
    /// <exception cref="IOException">The disk could not be written.</exception>
    public void Complete(TimeRange covered, JsonObject notes)
    {
        Flush();
        foreach (var (key, value) in notes) _recording[key] = value?.DeepClone();
        WriteMeta(complete: true, covered);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _times.Dispose();
        _clusters.Dispose();
        _behaviourTimes?.Dispose();
        _behaviourValues?.Dispose();
        _frames?.Dispose();
    }

    private string At(string file) => Path.Combine(_folder, file);

    private void WriteMeta(bool complete, TimeRange? covered)
    {
        var meta = new JsonObject
        {
            ["name"] = _name,
            ["source"] = "recorded by rtdecode run",
            ["n_units"] = _units.Count,
            ["sample_rate_hz"] = _rate,
            ["unit_names"] = new JsonArray([.. _units.Select(unit =>
                new JsonObject { ["stream"] = unit.Stream, ["electrode"] = unit.Electrode, ["sorted_id"] = unit.SortedId })]),
        };
        if (_channels.Count > 0)
        {
            meta["behaviour_channels"] = new JsonArray([.. _channels.Select(channel =>
                new JsonObject { ["name"] = channel.Name, ["unit"] = channel.Unit })]);
        }

        if (covered is { Length: > 0 } range)
        {
            meta["duration_s"] = range.End;
            meta["segments"] = new JsonArray(new JsonArray(range.Start, range.End));
        }

        _recording[SessionRepair.Complete] = complete;
        meta[SessionRepair.Recording] = _recording.DeepClone();
        SessionRepair.Replace(At(SessionFiles.Meta), meta);
    }
}
