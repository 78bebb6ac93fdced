using Realtime.Engine.Threads;
using static Realtime.Host.Configuration.ConfigKeys;

namespace Realtime.Host.Configuration;

/// <summary>
/// Every key of a rig config. Defaults come from the records, so each is written once; limits and their reasons stand here.
/// </summary>
public static class RigConfigKeys
{
    /// <summary>Largest whole number that JSON editors keep exact.</summary>
    private const double MaxExact = 9007199254740991;

    /// <summary>Single-precision range: decoders answer in it.</summary>
    private const double MaxFloat = 3.4e38;

    private static readonly SourceConfig Source = new();
    private static readonly TicksConfig Ticks = new();
    private static readonly PredictionsConfig Predictions = new();
    private static readonly DecodeThreadConfig Decode = new();
    private static readonly RunConfig Run = new();
    private static readonly FramesConfig Frames = new();

    /// <summary>The whole file.</summary>
    public static ConfigSection Root { get; } = new("", [
        Integer("schema_version", null, 1, 1, """
            Version of this file's format. A file of another version is refused rather than guessed at.
            """, required: true),
        Text("name", new RigConfig().Name, """
            Name of the rig; part of each run folder's name, so it keeps to characters that every system allows.
            """) with
        {
            FileName = true,
            MaxLength = 64,
        },
        List("sources", 1, 16, SourceKeys(),
            """
            Where spikes come from. Ticks are counted on the first source's clock. At most 16: each has a receiving thread
            of its own.
            """, required: true),
        Section("ticks", TickKeys(), """
            When the decoder is asked, and what happens when data or answers come late.
            """),
        Section("model", new("model", [
            Text("path", null, """
                The model file that `rtdecode train`, `rtdecode calibrate` or `rtdecode import` wrote, relative to this config file.
                """, required: true) with { MaxLength = 1024 },
            Boolean("allow_unfit", new ModelConfig().AllowUnfit, """
                true: a model that was judged unfit for live use, because it decodes no better than a linear decoder fitted to the same data, may
                answer all the same; screen, report and the run folder's name say so. false: the run does not start.
                """),
        ]), "Which model answers.", required: true),
        Section("trials", new("trials", [
            Integer("line", null, 0, 255, """
                TTL line, counted from 0, whose rising edge begins a trial. Models that begin anew at each trial (mtm in trial mode) need it;
                others pass it over. Left out: no trials are told.
                """, nullable: true),
            Text("source", null, """
                Name of the source that carries the line. Left out: the first source.
                """, nullable: true),
        ]), "How the rig tells that a trial begins."),
        Section("frames", new("frames", [
            Text("host", null, """
                Name or address of the machine that shows the stimulus and sends its frames (docs/frames.md). A model that reads frames needs it.
                Left out: no frames.
                """, nullable: true),
            Integer("port", Frames.Port, 1, 65535, """
                TCP port of the sender's socket.
                """),
            Number("scale", Frames.Scale, 1e-9, 1e9, """
                Factor of every pixel: the model must see numbers as in training. 0.00392157 makes 0 to 1 of bytes.
                """),
        ]), "Where video frames come from."),
        Section("units", UnitKeys(), "How the rig's unit names meet the model's."),
        Section("outputs", OutputKeys(), """
            Where answers go and which values are believed.
            """),
        Section("decode_thread", DecodeThreadKeys(), """
            How the one thread that decodes waits and is scheduled.
            """),
        Section("run", RunKeys(), "Where a run is written and when it ends."),
    ]);

    private static ConfigSection SourceKeys() => new("sources[]", [
        Text("name", null, """
            Name of the source in reports and logs; each source has another.
            """, required: true) with { FileName = true, MaxLength = 64 },
        Choice<SourceType>("type", Source.Type, """
            Which program is spoken to. open_ephys_zmq: the ZMQ Interface plugin of the Open Ephys GUI.
            """),
        Text("host", Source.Host, """
            Name or address of the machine that runs it. The default is this machine: the network adds delay and loss.
            """),
        Integer("data_port", Source.DataPort, 1, 65535, """
            TCP port on which data are published. The default is the plugin's own.
            """),
        Integer("heartbeat_port", Source.HeartbeatPort, 0, 65535,
            """
            TCP port that answers heartbeats, which make the decoder visible in the plugin's window; data flow without them.
            Left out: data_port + 1, as the plugin does. 0: no heartbeats are sent.
            """, nullable: true),
        Text("stream", Source.Stream, """
            Data stream whose spikes are read; spikes of other streams are counted as other_stream. Left out: the first
            stream seen.
            """, nullable: true),
        Number("sample_rate_hz", Source.SampleRateHz, 100, 1e6,
            """
            Samples per second of the stream: data time is counted with it. A continuous header that says otherwise is
            reported. The default is Neuropixels' and Open Ephys' usual rate.
            """),
        Text("behaviour_stream", Source.BehaviourStream, """
            Labelled stream with behaviour that `rtdecode replay` adds; it scores answers and never makes them. Left out:
            answers are not scored.
            """, nullable: true),
        Integer("watermark_slack_samples", Source.WatermarkSlackSamples, 0, 100000,
            """
            A spike is sent once its snippet is complete, so many samples after its peak; ticks wait this long for spikes
            still on their way. The default is the spike detector's 32 samples after the peak and some room. Too small:
            spikes come late. Too large: every answer is later.
            """),
        Number("event_watermark_slack_ms", Source.EventWatermarkSlackMs, 0, 60000,
            """
            Set it when no continuous channel is sent: a spike at time t then proves that all before t less this have come.
            Left out: only continuous data prove that time has passed.
            """, nullable: true),
        Number("replay_speed", Source.ReplaySpeed, 0, 1000,
            """
            Speed of the source's clock against real time: 1 on a rig, other values for replays. 0: as fast as possible, and
            ticks wait for data however long.
            """),
        Integer("ring_capacity", Source.RingCapacity, 64, 1 << 26,
            """
            Events that may wait for the decode thread, a power of two; beyond it they are counted as ring_full. 24 bytes
            each: the default takes 1.5 MB and holds more than a second at 50,000 spikes a second.
            """) with
        {
            PowerOfTwo = true,
        },
        Choice<WaitMode>("receive", Source.Receive, """
            How the receiving thread waits. blocking leaves the core free; spinning saves some tens of microseconds and
            takes a core.
            """),
        Integer("cpu", Source.Cpu, 0, 1023, """
            Core that the receiving thread is pinned to, counted from 0. Left out: the system chooses.
            """, nullable: true),
    ]);

    private static ConfigSection TickKeys() => new("ticks", [
        Number("hop_ms", Ticks.HopMs, 1, 10000, """
            Distance of two ticks in data time. The default is the usual bin of motor decoding. Below 1 ms a tick holds few
            samples of spikes that are themselves up to a millisecond long.
            """),
        Number("window_ms", Ticks.WindowMs, 1, 60000, """
            Length of the window behind each tick. Left out: the window the model was fitted with. At least hop_ms, or
            spikes between two windows would never be decoded.
            """, nullable: true),
        Integer("origin_sample", Ticks.OriginSample, 0, MaxExact, """
            Sample number on the first source at which tick counting starts, to line ticks up with another program's bins.
            """),
        Number("lateness_ms", Ticks.LatenessMs, 0, 60000, """
            Host time that a tick waits for a stream that is behind; then it is closed without that stream, and says so. The
            default is several of the GUI's 20 ms blocks.
            """),
        Number("deadline_ms", Ticks.DeadlineMs, 0.1, 60000, """
            Host time from a tick being due until its answer counts as late. The default is half a default hop.
            """),
        Number("max_gap_ms", Ticks.MaxGapMs, 1, 3600000, """
            A jump of the source's clock beyond this is taken for a restart; a smaller one is filled with ticks. At least
            hop_ms.
            """),
        Integer("max_window_spikes", Ticks.MaxWindowSpikes, 16, 1 << 24, """
            Spikes one window can hold; the oldest make room and are counted as window_full. The memory of poyo and possm
            models is sized by it, and the longest answer is bounded by it: in a burst they answer from the newest spikes. The
            default holds a second of 384 channels at 170 spikes a second each.
            """),
        Boolean("hold_on_overload", Ticks.HoldOnOverload, """
            true: ticks that are already late are answered at once with the last values, so that the decoder catches up.
            false: every tick is decoded, however late.
            """),
    ]);

    private static ConfigSection UnitKeys() => new("units", [
        Choice<UnknownUnitPolicy>("unknown", UnknownUnitPolicy.Ignore, """
            What becomes of spikes whose unit the model does not know. ignore: they are counted as unknown_unit.
            """),
        Boolean("match_stream", new UnitsConfig().MatchStream, """
            true: a unit is the model's only under the same stream name, so that a probe in another's place is noticed. false:
            stream names are ignored; for models with one stream, such as one fitted to a session that names no streams.
            """),
        List("bind", 0, 65536, new("units.bind[]", [
            .. UnitIdKeys("as the rig sends it"),
            Section("as", new("units.bind[].as", UnitIdKeys("as the model knows it")), "The model's name of that unit.", required: true),
        ]), """
            Units that have another name on the rig than in the model, such as after sorting anew.
            """),
    ]);

    private static ConfigKey[] UnitIdKeys(string whose) => [
        Text("stream", null, $"Name of the unit's data stream, {whose}.", required: true),
        Text("electrode", null, $"Name of the unit's electrode, {whose}.", required: true),
        Integer("sorted_id", null, 0, 65535, $"Number given by the spike sorter, {whose}; 0 = unsorted.", required: true),
    ];

    private static ConfigSection OutputKeys() => new("outputs", [
        Section("predictions", new("outputs.predictions", [
            Text("bind", Predictions.Bind, """
                Address of the network card that answers are published on. The default reaches this machine only; * reaches
                the network.
                """),
            Integer("port", Predictions.Port, 1, 65535, """
                TCP port of the publishing socket. The default lies clear of Open Ephys' 5556 to 5558.
                """),
            Integer("high_water_mark", Predictions.HighWaterMark, 1, 1000000, """
                Messages kept for a slow subscriber; more are lost to that subscriber and counted. The default is libzmq's,
                50 s of answers at the default hop.
                """),
        ]), """
            The ZeroMQ PUB socket that sends one message per tick.
            """),
        List("limits", 0, 256, new("outputs.limits[]", [
            Text("output", null, "Name of one of the model's outputs.", required: true),
            Number("min", null, -MaxFloat, MaxFloat, """
                Smallest value believed, in the output's unit.
                """, required: true),
            Number("max", null, -MaxFloat, MaxFloat, """
                Largest value believed, in the output's unit; above min.
                """, required: true),
        ]), """
            Ranges in which values are believed; an answer outside is held and flagged. Left out: any finite value is
            believed.
            """),
    ]);

    private static ConfigSection DecodeThreadKeys() => new("decode_thread", [
        Choice<WaitMode>("wait", Decode.Wait, """
            How the thread waits for data. blocking leaves the core free; spinning saves some tens of microseconds and takes
            a core.
            """),
        Number("spin_us", Decode.SpinUs, 0, 10000, """
            How long a blocking wait polls before it sleeps. The default is about what waking a thread costs.
            """),
        Integer("cpu", Decode.Cpu, 0, 1023, """
            Core that the decode thread is pinned to, counted from 0. Left out: the system chooses.
            """, nullable: true),
        Integer("compute_threads", Decode.ComputeThreads, 1, 2, """
            Threads that compute one answer of a poyo or possm model, this one included; the other kinds use one. 2 shortens the
            answers of large models and takes a second core while they compute. The answers are the same to the bit.
            """),
        Integer("compute_cpu", Decode.ComputeCpu, 0, 1023, """
            Core that the second compute thread is pinned to, counted from 0; another than cpu. Left out: the system chooses.
            """, nullable: true),
        Choice<ThreadPriorityLevel>("priority", Decode.Priority, """
            How urgently the thread is scheduled. The default takes nothing from the acquisition program; realtime needs
            rights and a core to spare.
            """),
    ]);

    private static ConfigSection RunKeys() => new("run", [
        Text("folder", Run.Folder, """
            Folder under which each run makes a folder of its own, relative to this config file.
            """) with { MaxLength = 1024 },
        Number("duration_s", Run.DurationS, 0.1, 2678400, """
            Host time after which the run ends by itself, at most 31 days. Left out: until Ctrl+C.
            """, nullable: true),
        Number("status_interval_s", Run.StatusIntervalS, 0.1, 3600, "Host time between two status lines."),
        Integer("minimum_free_mb", Run.MinimumFreeMb, 0, 1e9, """
            A run does not start with less free space than this under its folder, in 10^6 bytes. The default
            leaves the system and the acquisition program room to work.
            """),
        Boolean("record", Run.Record, """
            true: the received spikes, behaviour and video frames are recorded as a session in the run folder, as `run --record` does; about 12
            bytes per spike, 1 per pixel of frames of bytes and 4 of others. `rtdecode calibrate --from-run` takes it.
            """),
    ]);
}
