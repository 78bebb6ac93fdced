using Realtime.Engine.Sessions;
using Realtime.Engine.Threads;

namespace Realtime.Host.Configuration;

/// <summary>Makes the records out of values that have passed every check.</summary>
internal static class RigConfigBinder
{
    public static RigConfig Bind(ConfigValues root, string filePath, string text) => new()
    {
        Name = root.Text("name"),
        Sources = root.List("sources").Select(Source).ToArray(),
        Ticks = Ticks(root.Section("ticks")),
        Model = Model(root.Section("model")),
        Trials = Trials(root.Section("trials")),
        Frames = Frames(root.Section("frames")),
        Units = Units(root.Section("units")),
        Outputs = Outputs(root.Section("outputs")),
        DecodeThread = DecodeThread(root.Section("decode_thread")),
        Run = Run(root.Section("run")),
        FilePath = filePath,
        Text = text,
    };

    private static SourceConfig Source(ConfigValues source) => new()
    {
        Name = source.Text("name"),
        Type = source.Choice<SourceType>("type"),
        Host = source.Text("host"),
        DataPort = (int)source.Integer("data_port"),
        HeartbeatPort = (int?)source.IntegerOrNull("heartbeat_port"),
        Stream = source.TextOrNull("stream"),
        SampleRateHz = source.Number("sample_rate_hz"),
        BehaviourStream = source.TextOrNull("behaviour_stream"),
        WatermarkSlackSamples = (int)source.Integer("watermark_slack_samples"),
        EventWatermarkSlackMs = source.NumberOrNull("event_watermark_slack_ms"),
        ReplaySpeed = source.Number("replay_speed"),
        RingCapacity = (int)source.Integer("ring_capacity"),
        Receive = source.Choice<WaitMode>("receive"),
        Cpu = (int?)source.IntegerOrNull("cpu"),
    };

    private static ModelConfig Model(ConfigValues model) => new() { Path = model.Text("path"), AllowUnfit = model.Boolean("allow_unfit") };

    private static TicksConfig Ticks(ConfigValues ticks) => new()
    {
        HopMs = ticks.Number("hop_ms"),
        WindowMs = ticks.NumberOrNull("window_ms"),
        OriginSample = ticks.Integer("origin_sample"),
        LatenessMs = ticks.Number("lateness_ms"),
        DeadlineMs = ticks.Number("deadline_ms"),
        MaxGapMs = ticks.Number("max_gap_ms"),
        MaxWindowSpikes = (int)ticks.Integer("max_window_spikes"),
        HoldOnOverload = ticks.Boolean("hold_on_overload"),
    };

    private static TrialsConfig Trials(ConfigValues trials) => new() { Line = (int?)trials.IntegerOrNull("line"), Source = trials.TextOrNull("source") };

    private static FramesConfig Frames(ConfigValues frames) => new()
    {
        Host = frames.TextOrNull("host"),
        Port = (int)frames.Integer("port"),
        Scale = frames.Number("scale"),
    };

    private static UnitsConfig Units(ConfigValues units) => new()
    {
        Unknown = units.Choice<UnknownUnitPolicy>("unknown"),
        MatchStream = units.Boolean("match_stream"),
        Bind = units.List("bind").Select(binding => new UnitBinding(Unit(binding), Unit(binding.Section("as")))).ToArray(),
    };

    internal static UnitId Unit(ConfigValues unit) => new(unit.Text("stream"), unit.Text("electrode"), (int)unit.Integer("sorted_id"));

    private static OutputsConfig Outputs(ConfigValues outputs)
    {
        var predictions = outputs.Section("predictions");
        return new OutputsConfig
        {
            Predictions = new PredictionsConfig
            {
                Bind = predictions.Text("bind"),
                Port = (int)predictions.Integer("port"),
                HighWaterMark = (int)predictions.Integer("high_water_mark"),
            },
            Limits = outputs.List("limits").Select(Limit).ToArray(),
        };
    }

    private static OutputLimit Limit(ConfigValues limit) => new(limit.Text("output"), limit.Number("min"), limit.Number("max"));

    private static DecodeThreadConfig DecodeThread(ConfigValues thread) => new()
    {
        Wait = thread.Choice<WaitMode>("wait"),
        SpinUs = thread.Number("spin_us"),
        Cpu = (int?)thread.IntegerOrNull("cpu"),
        ComputeThreads = (int)thread.Integer("compute_threads"),
        ComputeCpu = (int?)thread.IntegerOrNull("compute_cpu"),
        Priority = thread.Choice<ThreadPriorityLevel>("priority"),
    };

    private static RunConfig Run(ConfigValues run) => new()
    {
        Folder = run.Text("folder"),
        DurationS = run.NumberOrNull("duration_s"),
        StatusIntervalS = run.Number("status_interval_s"),
        MinimumFreeMb = run.Integer("minimum_free_mb"),
        Record = run.Boolean("record"),
    };
}
