using System.Globalization;
using System.Text.Json.Nodes;
using Realtime.Host.Configuration;

namespace Realtime.Host.Benchmarks;

/// <summary>
/// Reads hyper-parameters from a file of YAML or JSON: the values under <c>hyper_parameters</c> or at the top, and <c>model: poyo</c>, <c>possm</c> or <c>mtm</c>, which may be left out
/// where the values tell it.
/// </summary>
internal static class HyperParameterFile
{
    private static readonly string[] PoyoKeys = ["latent_step", "num_latents_per_step"];
    private static readonly string[] PossmKeys = ["bin_width", "rnn_dim", "num_rnn_layers", "output_ca_ctx_lim"];
    private static readonly string[] MtmKeys = ["n_channels", "inter_size"];

    /// <returns>The kind of model, and the values as written.</returns>
    /// <exception cref="UserErrorException">The file is not of that form.</exception>
    public static (string Kind, JsonObject Values) Read(string path)
    {
        var problems = new ConfigProblems(path);
        if (ConfigFileText.Read(path, problems) is not { } text || new ConfigTreeReader(problems).Read(text) is not { } root)
            throw new UserErrorException(string.Join(Environment.NewLine, problems.ToList()), ExitCode.BadInput);
        var parameters = Entry(root, "hyper_parameters") as MappingNode ?? root;
        var values = new JsonObject();
        foreach (var (name, node) in parameters.Entries)
        {
            if (parameters == root && name.Value == "model") continue;
            if (node is not ScalarNode scalar)
                throw new UserErrorException($"{path}:{node.Line}:{node.Column}: hyper_parameters.{name.Value} must be a number, or true or false.", ExitCode.BadInput);
            if (!values.TryAdd(name.Value, Number(scalar)))
                throw new UserErrorException($"{path}:{name.Line}:{name.Column}: hyper_parameters.{name.Value} stands twice.", ExitCode.BadInput);
        }

        var kind = (Entry(root, "model") as ScalarNode)?.Value ?? Told(values);
        return (kind ?? throw new UserErrorException($"{path}: the key 'model' is missing; write 'model: poyo', 'model: possm' or 'model: mtm'.", ExitCode.BadInput), values);
    }

    /// <summary>The kind whose own hyper-parameters are there.</summary>
    private static string? Told(JsonObject values) =>
        PossmKeys.Any(values.ContainsKey) ? "possm" : PoyoKeys.Any(values.ContainsKey) ? "poyo" : MtmKeys.Any(values.ContainsKey) ? "mtm" : null;

    private static ConfigNode? Entry(MappingNode mapping, string key) => mapping.Entries.FirstOrDefault(entry => entry.Key.Value == key).Value;

    // What is no number stays text, and is refused by the name of its key where the model is made.
    private static JsonNode? Number(ScalarNode scalar)
    {
        if (!scalar.Plain) return JsonValue.Create(scalar.Value);
        if (bool.TryParse(scalar.Value, out var flag)) return JsonValue.Create(flag);
        if (long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)) return JsonValue.Create(whole);
        return double.TryParse(scalar.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? JsonValue.Create(number)
            : JsonValue.Create(scalar.Value);
    }
}
