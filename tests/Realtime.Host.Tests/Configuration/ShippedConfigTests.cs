using System.Text.Json.Nodes;
using Realtime.Host.Configuration;
using Realtime.Tests;

namespace Realtime.Host.Tests.Configuration;

/// <summary>The shipped configs, the schema and the reference page all say what the loader does.</summary>
public sealed class ShippedConfigTests
{
    /// <summary>Set to 1 to write the generated files anew after the key table has changed.</summary>
    private const string UpdateVariable = "RTDECODE_UPDATE_FILES";

    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "rig-configs");

    [Theory]
    [InlineData("open-ephys.yaml")]
    [InlineData("open-ephys-minimal.yaml")]
    [InlineData("open-ephys-possm.yaml")]
    public void Shipped_config_is_sound_and_names_its_schema(string name)
    {
        var result = RigConfigLoader.Load(Path.Combine(Folder, name));
        Assert.Empty(result.Problems);
        Assert.StartsWith("# yaml-language-server: $schema=rig-config.schema.json\n", result.Config!.Text);
    }

    [Fact]
    public void Commented_config_shows_every_key_with_its_default()
    {
        var (full, minimal) = (Load("open-ephys.yaml"), Load("open-ephys-minimal.yaml"));
        Assert.Equal(minimal.Sources, full.Sources);
        Assert.Equal((minimal.Name, minimal.Ticks, minimal.Model), (full.Name, full.Ticks, full.Model));
        Assert.Equal((minimal.DecodeThread, minimal.Run, minimal.Outputs.Predictions), (full.DecodeThread, full.Run,
            full.Outputs.Predictions));
        foreach (var section in RigConfigKeys.Root.Tree())
            Assert.All(section.Keys, key => Assert.Matches($@"(^|\n)[\s#-]*.*\b{key.Name}:", full.Text));
    }

    [Fact]
    public void Commented_config_gives_every_limit()
    {
        var text = Load("open-ephys.yaml").Text;
        foreach (var key in RigConfigKeys.Root.Tree().SelectMany(section => section.Keys))
        {
            if (key.Kind is not (ConfigKeyKind.Integer or ConfigKeyKind.Number) || key.Required || key.Min == key.Max) continue;
            var comment = Comment(text, key.Name);
            if (key.Name is not ("data_port" or "heartbeat_port" or "replay_speed")) Assert.Contains(ScalarReader.Written(key.Min),
                comment);
            if (key.Name != "heartbeat_port") Assert.Contains(ScalarReader.Written(key.Max), comment);
        }
    }

    [Fact]
    public void Commented_out_examples_in_the_config_are_sound()
    {
        var text = Load("open-ephys.yaml").Text.Replace("  bind: []\n", "").Replace("  limits: []\n", "")
            .Replace("  # bind:\n  #   -", "  bind:\n    -").Replace("  # limits:\n  #   -", "  limits:\n    -");
        var config = RigConfigLoader.Parse(text, "rig.yaml").Config!;
        Assert.Single(config.Units.Bind);
        Assert.Single(config.Outputs.Limits);
    }

    [Fact]
    public void Schema_file_is_what_the_key_table_says() => Same(Path.Combine(Folder, "rig-config.schema.json"),
        RigConfigJsonSchema.Generate());

    [Fact]
    public void Reference_page_is_what_the_key_table_says()
    {
        var path = Path.Combine(RepositoryFiles.Root, "docs", "rig-config.md");
        const string mark = "<!-- made from the key table -->\n";
        var page = File.ReadAllText(path);
        Same(path, page[..(page.IndexOf(mark, StringComparison.Ordinal) + mark.Length)] + "\n" + ConfigReference.Markdown(RigConfigKeys.Root).TrimEnd()
            + "\n");
    }

    [Fact]
    public void Schema_agrees_with_the_loader_on_every_number_at_its_limits()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "rig-config.schema.json")))!;
        var seen = 0;
        foreach (var (path, property) in Numbers(schema, ""))
        {
            foreach (var (value, allowed) in Probes(property))
            {
                var problems = RigConfigLoader.Parse(With(path, value), "rig.yaml").Problems;
                var refused = problems.Any(problem => problem.Key == path.Replace("[]", "[0]") && (problem.Message.Contains(" from ")
                    || problem.Message.Contains("must be 1,")));
                Assert.True(refused != allowed, $"{path}: {value} should be {(allowed ? "allowed" : "refused")}");
                seen++;
            }
        }

        Assert.True(seen > 60, $"only {seen} probes");
    }

    private static IEnumerable<(string Path, JsonObject Property)> Numbers(JsonNode mapping, string prefix)
    {
        foreach (var (name, node) in mapping["properties"]!.AsObject())
        {
            var property = node!.AsObject();
            var path = prefix + name;
            if (property.ContainsKey("properties"))
                foreach (var inner in Numbers(property, path + ".")) yield return inner;
            else if (property.ContainsKey("items"))
                foreach (var inner in Numbers(property["items"]!, path + "[].")) yield return inner;
            else if (property.ContainsKey("minimum")) yield return (path, property);
        }
    }

    private static IEnumerable<(string Value, bool Allowed)> Probes(JsonObject property)
    {
        var (min, max) = ((double)property["minimum"]!, (double)property["maximum"]!);
        yield return (ScalarReader.Written(min), true);
        yield return (ScalarReader.Written(max), true);
        if (max < 1e15) yield return (ScalarReader.Written(max + 1), false);
        if (min > -1e15) yield return (ScalarReader.Written(min - 1), false);
        if (property.ContainsKey("enum")) yield return (ScalarReader.Written(max - 1), false);
    }

    /// <summary>A config in which everything is sound but, perhaps, the one value.</summary>
    private static string With(string path, string value)
    {
        var root = JsonNode.Parse("""
            {"schema_version": 1, "sources": [{"name": "a"}], "model": {"path": "m"}, "trials": {}, "frames": {}, "ticks": {}, "outputs": {"predictions": {},
            "limits": [{"output": "x", "min": 0, "max": 1}]}, "decode_thread": {}, "run": {},
            "units": {"bind": [{"stream": "s", "electrode": "e", "sorted_id": 0, "as": {"stream": "s", "electrode": "e", "sorted_id": 0}}]}}
            """)!;
        var node = root;
        var steps = path.Split('.');
        foreach (var step in steps[..^1]) node = step.EndsWith("[]", StringComparison.Ordinal) ? node[step[..^2]]![0]! : node[step]!;
        node[steps[^1]] = "@";
        return root.ToJsonString().Replace("\"@\"", value);
    }

    /// <summary>The comment lines above a key and the comment behind it.</summary>
    private static string Comment(string text, string key)
    {
        var lines = text.Split('\n');
        var at = Array.FindIndex(lines, line => line.TrimStart().StartsWith(key + ":", StringComparison.Ordinal));
        var from = at;
        while (from > 0 && lines[from - 1].TrimStart().StartsWith('#')) from--;
        return string.Join('\n', lines[from..(at + 1)]);
    }

    private static RigConfig Load(string name) => RigConfigLoader.Load(Path.Combine(Folder, name)).Config!;

    private static void Same(string path, string generated)
    {
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(path, generated);
        Assert.Equal(generated, File.ReadAllText(path));
    }
}
