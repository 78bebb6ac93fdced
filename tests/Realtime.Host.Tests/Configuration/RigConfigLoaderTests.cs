using Realtime.Engine.Threads;
using Realtime.Host.Configuration;

namespace Realtime.Host.Tests.Configuration;

public sealed class RigConfigLoaderTests
{
    private const string Minimal = "schema_version: 1\nsources:\n  - name: a\nmodel:\n  path: m.safetensors\n";

    [Fact]
    public void Minimal_config_has_every_default()
    {
        var config = Sound(Minimal);
        Assert.Equal(new TicksConfig(), config.Ticks);
        Assert.Equal(new PredictionsConfig(), config.Outputs.Predictions);
        Assert.Equal(new DecodeThreadConfig(), config.DecodeThread);
        Assert.Equal(new RunConfig(), config.Run);
        Assert.Equal(new SourceConfig { Name = "a" }, Assert.Single(config.Sources));
        Assert.Empty(config.Units.Bind);
        Assert.Empty(config.Outputs.Limits);
        Assert.Equal(Minimal, config.Text);
    }

    [Fact]
    public void Every_value_reaches_its_record()
    {
        var config = Sound("""
            schema_version: 1
            name: Maus 7
            sources:
              - name: probe-a
                type: open_ephys_zmq
                host: rig-3.local
                data_port: 6000
                heartbeat_port: 0
                stream: Probe-A
                sample_rate_hz: 2500.5
                behaviour_stream: behaviour
                watermark_slack_samples: 41
                event_watermark_slack_ms: 12.5
                replay_speed: 0
                ring_capacity: 1024
                receive: spinning
                cpu: 3
            ticks: { hop_ms: 20, window_ms: 300, origin_sample: 7, lateness_ms: 0, deadline_ms: 9.5, max_gap_ms: 500,
                max_window_spikes: 99, hold_on_overload: false }
            model: { path: models/m.safetensors }
            units: { unknown: ignore, bind: [ { stream: S, electrode: E 1, sorted_id: 2, as: { stream: T, electrode: E 9,
                sorted_id: 1 } } ] }
            outputs:
              predictions: { bind: "*", port: 7000, high_water_mark: 5 }
              limits: [ { output: hand_x, min: -1e2, max: 100 } ]
            decode_thread: { wait: spinning, spin_us: 0, cpu: 2, compute_threads: 2, compute_cpu: 3, priority: realtime }
            run: { folder: out, duration_s: 60, status_interval_s: 0.5, minimum_free_mb: 1 }
            """);
        var source = new SourceConfig
        {
            Name = "probe-a",
            Host = "rig-3.local",
            DataPort = 6000,
            HeartbeatPort = 0,
            Stream = "Probe-A",
            SampleRateHz = 2500.5,
            BehaviourStream = "behaviour",
            WatermarkSlackSamples = 41,
            EventWatermarkSlackMs = 12.5,
            ReplaySpeed = 0,
            RingCapacity = 1024,
            Receive = WaitMode.Spinning,
            Cpu = 3,
        };
        var ticks = new TicksConfig
        {
            HopMs = 20,
            WindowMs = 300,
            OriginSample = 7,
            LatenessMs = 0,
            DeadlineMs = 9.5,
            MaxGapMs = 500,
            MaxWindowSpikes = 99,
            HoldOnOverload = false,
        };
        Assert.Equal("Maus 7", config.Name);
        Assert.Equal(source, Assert.Single(config.Sources));
        Assert.Equal(ticks, config.Ticks);
        Assert.Equal((20_000_000L, 300_000_000L, 9_500_000L), (config.Ticks.HopNs, config.Ticks.WindowNs, config.Ticks.DeadlineNs));
        Assert.Equal(new UnitBinding(new("S", "E 1", 2), new("T", "E 9", 1)), Assert.Single(config.Units.Bind));
        Assert.Equal(new PredictionsConfig { Bind = "*", Port = 7000, HighWaterMark = 5 }, config.Outputs.Predictions);
        Assert.Equal(new OutputLimit("hand_x", -100, 100), Assert.Single(config.Outputs.Limits));
        var thread = new DecodeThreadConfig { Wait = WaitMode.Spinning, SpinUs = 0, Cpu = 2, ComputeThreads = 2, ComputeCpu = 3, Priority = ThreadPriorityLevel.Realtime };
        Assert.Equal(thread, config.DecodeThread);
        Assert.Equal(new RunConfig { Folder = "out", DurationS = 60, StatusIntervalS = 0.5, MinimumFreeMb = 1 }, config.Run);
    }

    [Theory]
    [InlineData(null, 5557)]
    [InlineData(0, null)]
    [InlineData(9000, 9000)]
    public void Heartbeat_port_follows_the_data_port_unless_told(int? written, int? used) =>
        Assert.Equal(used, new SourceConfig { HeartbeatPort = written }.EffectiveHeartbeatPort);

    [Fact]
    public void Sections_left_empty_have_their_defaults() =>
        Assert.Equal(new TicksConfig(), Sound(Minimal + "ticks:\noutputs:\n  predictions:\nunits: null\n").Ticks);

    [Fact]
    public void Paths_are_relative_to_the_config_file()
    {
        var folder = Path.Combine(Path.GetTempPath(), "Ratte 実験");
        var config = RigConfigLoader.Parse(Minimal, Path.Combine(folder, "rig.yaml")).Config!;
        Assert.Equal(Path.Combine(folder, "m.safetensors"), config.ModelPath);
        Assert.Equal(Path.Combine(folder, "runs"), config.RunsFolder);
    }

    [Theory]
    [InlineData("nmae: x", "nmae", "Did you mean 'name'?")]
    [InlineData("ticks:\n  hop: 50", "ticks.hop", "Did you mean 'hop_ms'?")]
    [InlineData("ticks:\n  dedline_ms: 50", "ticks.dedline_ms", "Did you mean 'deadline_ms'?")]
    [InlineData("hop_ms: 50", "hop_ms", "'hop_ms' is a key of ticks.")]
    [InlineData("outputs:\n  predictions:\n    prot: 5560", "outputs.predictions.prot", "Did you mean 'port'?")]
    [InlineData("outputs:\n  limits: [ { output: x, min: 0, mx: 1, max: 1 } ]", "outputs.limits[0].mx", "Known keys: output, min, max.")]
    [InlineData("units:\n  bind: [ { stream: s, electrode: e, sorted_id: 1, as: { stream: s, electrode: e, sort_id: 1, sorted_id: 1 } } ]",
        "units.bind[0].as.sort_id", "Did you mean 'sorted_id'?")]
    [InlineData("run:\n  xyzzy: 1", "run.xyzzy", "Known keys: folder, duration_s, status_interval_s, minimum_free_mb, record.")]
    public void Unknown_key_is_refused_by_name_with_what_was_meant(string addition, string key, string hint)
    {
        var problem = Assert.Single(RigConfigLoader.Parse(Minimal + addition, "rig.yaml").Problems);
        Assert.Equal(key, problem.Key);
        Assert.Contains(hint, problem.Message);
        Assert.Contains("Known keys: ", problem.Message);
        Assert.True(problem.Line >= 6 && problem.Column >= 1);
    }

    [Theory]
    [InlineData("ticks: { hop_ms: 0 }", "ticks.hop_ms", "from 1 to 10000")]
    [InlineData("ticks: { hop_ms: -5 }", "ticks.hop_ms", "is -5")]
    [InlineData("ticks: { hop_ms: .nan }", "ticks.hop_ms", "must be a number")]
    [InlineData("ticks: { hop_ms: 1e999 }", "ticks.hop_ms", "must be a number")]
    [InlineData("ticks: { hop_ms: \"50\" }", "ticks.hop_ms", "Remove the quotes")]
    [InlineData("ticks:\n  hop_ms: 0,5", "ticks.hop_ms", "decimal point")]
    [InlineData("ticks: { hop_ms: 50ms }", "ticks.hop_ms", "The unit stands in the key's name")]
    [InlineData("ticks: { hop_ms: }", "ticks.hop_ms", "remove the line to have 50")]
    [InlineData("ticks: { hop_ms: [50] }", "ticks.hop_ms", "but is a list")]
    [InlineData("ticks: { hop_ms: 100, window_ms: 50 }", "ticks.window_ms", "less than hop_ms")]
    [InlineData("ticks: { hop_ms: 3000 }", "ticks.max_gap_ms", "at least hop_ms")]
    [InlineData("ticks: { hold_on_overload: yes }", "ticks.hold_on_overload", "true or false")]
    [InlineData("ticks: { max_window_spikes: 1.5 }", "ticks.max_window_spikes", "whole number")]
    [InlineData("ticks: { origin_sample: 99999999999999999999 }", "ticks.origin_sample", "whole number")]
    [InlineData("ticks: 50", "ticks", "must be a section")]
    [InlineData("ticks: []", "ticks", "but is a list")]
    [InlineData("units: { bind: {} }", "units.bind", "must be a list")]
    [InlineData("units: { bind: [ 7 ] }", "units.bind[0]", "must be a section")]
    [InlineData("units: { unknown: drop }", "units.unknown", "'ignore'")]
    [InlineData("decode_thread: { wait: spining }", "decode_thread.wait", "Did you mean 'spinning'?")]
    [InlineData("decode_thread: { compute_threads: 3 }", "decode_thread.compute_threads", "from 1 to 2")]
    [InlineData("decode_thread: { compute_cpu: 1 }", "decode_thread.compute_cpu", "compute_threads is 1")]
    [InlineData("decode_thread: { cpu: 1, compute_threads: 2, compute_cpu: 1 }", "decode_thread.compute_cpu", "the core of the decode thread, 1")]
    [InlineData("outputs: { predictions: { port: 0 } }", "outputs.predictions.port", "from 1 to 65535")]
    [InlineData("outputs: { predictions: { port: 70000 } }", "outputs.predictions.port", "is 70000")]
    [InlineData("outputs: { predictions: { port: 5557 } }", "outputs.predictions.port", "already sources[0].heartbeat_port")]
    [InlineData("outputs: { limits: [ { output: x, min: 1, max: 1 } ] }", "outputs.limits[0].max", "above min")]
    [InlineData("outputs: { limits: [ { output: x, min: 0, max: 1 }, { output: x, min: 0, max: 1 } ] }", "outputs.limits[1].output",
        "already")]
    [InlineData("run: { status_interval_s: 0 }", "run.status_interval_s", "from 0.1 to 3600")]
    [InlineData("name: a/b", "name", "file names")]
    [InlineData("name: \"a\\u0007b\"", "name", "control characters")]
    [InlineData("name: \"\"", "name", "is empty")]
    public void Wrong_value_is_refused_with_what_would_be_right(string addition, string key, string hint)
    {
        var problem = Assert.Single(RigConfigLoader.Parse(Minimal + addition, "rig.yaml").Problems);
        Assert.Equal(key, problem.Key);
        Assert.Contains(hint, problem.Message);
        Assert.True(problem.Line >= 6 && problem.Column >= 1);
    }

    [Theory]
    [InlineData("- name: a\n  - name: a\n    data_port: 6000", "sources[1].name", "already the name of another source, on line 3")]
    [InlineData("- name: a\n  - name: b", "sources[1].data_port", "already sources[0].data_port")]
    [InlineData("- name: a\n  - name: b\n    host: localhost\n    data_port: 5557", "sources[1].data_port",
        "already sources[0].heartbeat_port")]
    [InlineData("- name: a\n    data_port: 70000", "sources[0].data_port", "from 1 to 65535")]
    [InlineData("- name: a\n    data_port: 65535", "sources[0].heartbeat_port", "is no port")]
    [InlineData("- name: a\n    ring_capacity: 1000", "sources[0].ring_capacity", "the nearest are 512 and 1024")]
    [InlineData("- name: a\n    type: spikeglx", "sources[0].type", "open_ephys_zmq")]
    [InlineData("- name: a\n    stream: x\n    behaviour_stream: x", "sources[0].behaviour_stream", "a stream of its own")]
    [InlineData("- host: 127.0.0.1", "sources[0].name", "the key is missing")]
    public void Faulty_source_is_refused(string sources, string key, string hint)
    {
        var text = $"schema_version: 1\nsources:\n  {sources}\nmodel:\n  path: m\n";
        var problems = RigConfigLoader.Parse(text, "rig.yaml").Problems;
        Assert.Contains(problems, problem => problem.Key == key && problem.Message.Contains(hint));
        Assert.All(problems, problem => Assert.StartsWith("sources[", problem.Key));
    }

    [Theory]
    [InlineData("sources: []", "must have from 1 to 16 items")]
    [InlineData("sources: null", "must be a list")]
    [InlineData("sources: a", "must be a list")]
    public void Config_without_a_source_is_refused(string sources, string hint)
    {
        var problem = Assert.Single(RigConfigLoader.Parse($"schema_version: 1\n{sources}\nmodel: {{ path: m }}\n", "rig.yaml").Problems);
        Assert.Contains(hint, problem.Message);
    }

    [Fact]
    public void Seventeen_sources_are_refused()
    {
        var sources = string.Concat(Enumerable.Range(0, 17).Select(index => $"  - {{ name: s{index}, data_port: {6000 + 2 * index} }}\n"));
        var problem = Assert.Single(RigConfigLoader.Parse($"schema_version: 1\nsources:\n{sources}model: {{ path: m }}\n",
            "rig.yaml").Problems);
        Assert.Contains("has 17", problem.Message);
    }

    [Fact]
    public void All_problems_are_told_at_once_in_the_order_of_the_file()
    {
        const string text = """
            schema_version: 2
            nmae: x
            sources:
              - name: a
                data_port: 0
                data_port: 5556
            ticks:
              hop_ms: fast
              window_ms: -1
            run:
              durations: 5
            """;
        var problems = RigConfigLoader.Parse(text, "rig.yaml").Problems;
        Assert.Equal(
            ["model", "schema_version", "nmae", "sources[0].data_port", "sources[0].data_port", "ticks.hop_ms", "ticks.window_ms",
                "run.durations"],
            problems.Select(problem => problem.Key));
        Assert.Equal([1, 1, 2, 5, 6, 8, 9, 11], problems.Select(problem => problem.Line).Order());
        Assert.StartsWith("rig.yaml:8:11: ticks.hop_ms: must be a number", problems[5].ToString());
        Assert.Contains("also on line 5", problems[4].Message);
    }

    [Fact]
    public void Unit_bound_twice_is_refused()
    {
        const string unit = "{ stream: s, electrode: e, sorted_id: 1, as: { stream: s, electrode: f, sorted_id: 1 } }";
        var problem = Assert.Single(RigConfigLoader.Parse(Minimal + $"units: {{ bind: [ {unit}, {unit} ] }}", "rig.yaml").Problems);
        Assert.Contains("already bound by units.bind[0]", problem.Message);
    }

    [Fact]
    public void Report_of_a_hopeless_file_is_bounded()
    {
        var text = Minimal + string.Concat(Enumerable.Range(0, 5000).Select(index => $"zz{index}: 1\n"));
        var problems = RigConfigLoader.Parse(text, "rig.yaml").Problems;
        Assert.Equal(101, problems.Count);
        Assert.Contains("4900 more problems", problems[^1].Message);
    }

    private static RigConfig Sound(string text)
    {
        var result = RigConfigLoader.Parse(text, "rig.yaml");
        Assert.Empty(result.Problems);
        return result.Config!;
    }
}
