using System.Globalization;

namespace Realtime.Host.Configuration;

/// <summary>Rules that tie several keys together. A key that is itself broken takes no part, so that one fault is said once.</summary>
internal static class RigConfigRules
{
    public static void Check(ConfigValues root, ConfigProblems problems)
    {
        var sources = root.List("sources");
        Unique(sources, "name", "another source", problems);
        CheckPorts(root, sources, problems);
        foreach (var source in sources) CheckStreams(source, problems);
        CheckTrials(root.Section("trials"), sources, problems);
        CheckTicks(root.Section("ticks"), problems);
        CheckComputeThreads(root.Section("decode_thread"), problems);
        CheckBindings(root.Section("units").List("bind"), problems);
        var limits = root.Section("outputs").List("limits");
        Unique(limits, "output", "another limit", problems);
        foreach (var limit in limits) CheckLimit(limit, problems);
    }

    private static void CheckPorts(ConfigValues root, IReadOnlyList<ConfigValues> sources, ConfigProblems problems)
    {
        var taken = new Dictionary<(string Host, long Port), string>();
        foreach (var source in sources)
        {
            if (!source.Sound("host") || !source.Sound("data_port")) continue;
            var port = source.Integer("data_port");
            Take(source, "data_port", port);
            if (!source.Sound("heartbeat_port")) continue;
            var heartbeat = source.IntegerOrNull("heartbeat_port") ?? port + 1;
            if (heartbeat > 65535)
                problems.Add(source.PlaceOf("data_port"), source.PathOf("heartbeat_port"),
                    "is left out, and data_port + 1 is no port; set it, or 0 for no heartbeats.");
            else if (heartbeat != 0) Take(source, "heartbeat_port", heartbeat);
        }

        var frames = root.Section("frames");
        if (frames.Sound("host") && frames.Sound("port") && frames.TextOrNull("host") is not null) Take(frames, "port", frames.Integer("port"));
        var predictions = root.Section("outputs").Section("predictions");
        if (!predictions.Sound("port")) return;
        var output = predictions.Integer("port");
        if (taken.TryGetValue((LocalHost, output), out var owner))
        {
            problems.Add(predictions.PlaceOf("port"), predictions.PathOf("port"), string.Create(CultureInfo.InvariantCulture,
                $"port {output} is already {owner} on this machine; choose another."));
        }

        void Take(ConfigValues source, string key, long port)
        {
            if (taken.TryAdd((Machine(source.Text("host")), port), source.PathOf(key))) return;
            problems.Add(source.PlaceOf(key), source.PathOf(key), string.Create(CultureInfo.InvariantCulture,
                $"port {port} of {source.Text("host")} is already {taken[(Machine(source.Text("host")), port)]}; each socket has"
                + $" a port of its own.")
                + (source.PlaceOf(key) is ScalarNode ? "" : $" {key} is left out here, so its default counts."));
        }
    }

    private const string LocalHost = "127.0.0.1";

    private static string Machine(string host) => host.ToLowerInvariant() switch
    {
        "localhost" or "::1" or "[::1]" => LocalHost,
        var other => other,
    };

    private static void CheckStreams(ConfigValues source, ConfigProblems problems)
    {
        if (source.TextOrNull("behaviour_stream") is { } behaviour && behaviour == source.TextOrNull("stream"))
            problems.Add(source.PlaceOf("behaviour_stream"), source.PathOf("behaviour_stream"),
                "names the same stream as 'stream'; behaviour travels in a stream of its own.");
    }

    private static void CheckTrials(ConfigValues trials, IReadOnlyList<ConfigValues> sources, ConfigProblems problems)
    {
        if (!trials.Sound("source") || trials.TextOrNull("source") is not { } name) return;
        var names = sources.Where(source => source.Sound("name")).Select(source => source.Text("name")).ToArray();
        if (!names.Contains(name))
            problems.Add(trials.PlaceOf("source"), trials.PathOf("source"), $"'{name}' is no source{Engine.Text.NearestName.Hint(name, names)}; the sources are {string.Join(", ", names)}.");
    }

    private static void CheckTicks(ConfigValues ticks, ConfigProblems problems)
    {
        if (!ticks.Sound("hop_ms")) return;
        ReadOnlySpan<(string Key, string Reason)> longer =
            [("window_ms", "spikes between two windows would never be decoded"), ("max_gap_ms", "every tick would be a restart")];
        foreach (var (key, reason) in longer)
        {
            if (!ticks.Sound(key) || ticks.NumberOrNull(key) is not { } value || value >= ticks.Number("hop_ms")) continue;
            problems.Add(ticks.PlaceOf(key), ticks.PathOf(key), string.Create(CultureInfo.InvariantCulture,
                $"{value} is less than hop_ms, {ticks.Number("hop_ms")}: {reason}. Make it at least hop_ms."));
        }
    }

    private static void CheckComputeThreads(ConfigValues thread, ConfigProblems problems)
    {
        if (!thread.Sound("compute_cpu") || !thread.Sound("compute_threads") || thread.IntegerOrNull("compute_cpu") is not { } core) return;
        if (thread.Integer("compute_threads") == 1)
            problems.Add(thread.PlaceOf("compute_cpu"), thread.PathOf("compute_cpu"), "is set, but compute_threads is 1, so there is no second thread; set compute_threads: 2, or leave this out.");
        else if (thread.Sound("cpu") && thread.IntegerOrNull("cpu") == core)
            problems.Add(thread.PlaceOf("compute_cpu"), thread.PathOf("compute_cpu"), string.Create(CultureInfo.InvariantCulture,
                $"is the core of the decode thread, {core}: the two would take turns and answer later than one thread. Choose another."));
    }

    private static void CheckBindings(IReadOnlyList<ConfigValues> bindings, ConfigProblems problems)
    {
        var seen = new Dictionary<Realtime.Engine.Sessions.UnitId, string>();
        foreach (var binding in bindings)
        {
            if (!binding.Sound("stream") || !binding.Sound("electrode") || !binding.Sound("sorted_id")) continue;
            var unit = RigConfigBinder.Unit(binding);
            if (!seen.TryAdd(unit, binding.Path))
                problems.Add(binding.PlaceOf("stream"), binding.Path, $"unit {unit} is already bound by {seen[unit]}; a unit of the rig"
                    + " can be one unit of the model only.");
        }
    }

    private static void CheckLimit(ConfigValues limit, ConfigProblems problems)
    {
        if (!limit.Sound("min") || !limit.Sound("max") || limit.Number("min") < limit.Number("max")) return;
        problems.Add(limit.PlaceOf("max"), limit.PathOf("max"), string.Create(CultureInfo.InvariantCulture,
            $"must be above min, {limit.Number("min")}, but is {limit.Number("max")}."));
    }

    private static void Unique(IReadOnlyList<ConfigValues> items, string key, string other, ConfigProblems problems)
    {
        var seen = new Dictionary<string, ConfigValues>();
        foreach (var item in items)
        {
            if (!item.Sound(key) || seen.TryAdd(item.Text(key), item)) continue;
            problems.Add(item.PlaceOf(key), item.PathOf(key), string.Create(CultureInfo.InvariantCulture,
                $"'{item.Text(key)}' is already the {key} of {other}, on line {seen[item.Text(key)].PlaceOf(key).Line}; give each its"
                    + $" own."));
        }
    }
}
