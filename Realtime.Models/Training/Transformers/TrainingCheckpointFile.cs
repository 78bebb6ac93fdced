using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Realtime.Models.Differentiation;
using Realtime.Models.Weights;

namespace Realtime.Models.Training.Transformers;

/// <summary>
/// A checkpoint on disk: one safetensors file with the weights under <c>now/</c> and <c>best/</c>, the tensors of optimizer and running average,
/// and everything else as JSON in the metadata. Written beside its place and moved there, so that a kill or a full disk leaves the former whole.
/// </summary>
internal static class TrainingCheckpointFile
{
    private const string Format = "rtdecode-training";
    private const string Now = "now/";
    private const string Best = "best/";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public static byte[] ToBytes(ParameterSet parameters, TrainingCheckpoint checkpoint)
    {
        var tensors = new List<TensorData>(checkpoint.State);
        for (var i = 0; i < parameters.Count; i++) tensors.Add(TensorData.Of(Now + parameters[i].Name, checkpoint.Weights[i], [.. parameters[i].Shape]));
        tensors.AddRange((checkpoint.Best ?? []).Select(tensor => new TensorData(Best + tensor.Name, tensor.Type, tensor.Shape, tensor.Bytes)));
        return SafetensorsWriter.ToBytes(tensors, new Dictionary<string, string>
        {
            ["format"] = Format,
            ["recipe"] = checkpoint.Recipe.ToJsonString(),
            ["sessions"] = checkpoint.Sessions,
            ["start"] = checkpoint.Start,
            ["kernels"] = checkpoint.Kernels,
            ["position"] = JsonSerializer.Serialize(checkpoint.Position, Options),
        });
    }

    /// <exception cref="IOException">The file cannot be written; the former one is whole.</exception>
    public static void Write(string path, byte[] bytes, Func<string, Stream> open)
    {
        var full = Path.GetFullPath(path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);

        // One name, so that what a kill left behind is overwritten by the next.
        var draft = full + ".part";
        try
        {
            using (var stream = open(draft))
            {
                stream.Write(bytes);
                if (stream is FileStream file) file.Flush(flushToDisk: true);
                else stream.Flush();
            }

            File.Move(draft, full, overwrite: true);
        }
        catch
        {
            Remove(draft);
            throw;
        }
    }

    /// <summary>Reads a checkpoint of just this training.</summary>
    /// <param name="path">The file.</param>
    /// <param name="parameters">Of the network; only names and shapes are read.</param>
    /// <param name="recipe">What is trained now.</param>
    /// <param name="sessions">What it is trained on now.</param>
    /// <param name="start">Hash of the model file that it began from; empty for none.</param>
    /// <param name="restore">Takes up the state of optimizer and running average at that position.</param>
    /// <exception cref="TrainingException">It is a checkpoint of something else; the message says in what they differ.</exception>
    /// <exception cref="ModelFormatException">It is no checkpoint, or is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TrainingCheckpoint Read(string path, ParameterSet parameters, JsonObject recipe, string sessions, string start, Action<TrainerPosition, WeightReader> restore)
    {
        // Into memory, so that the file is free to be replaced.
        using var file = SafetensorsFile.Parse(new ArrayWeightBytes(File.ReadAllBytes(path)), path);
        if (file.Metadata.GetValueOrDefault("format") != Format)
            throw new ModelFormatException(path, "__metadata__.format", $"is '{file.Metadata.GetValueOrDefault("format", "missing")}'; '{Format}' is due.", "This is no checkpoint of 'train'; give another --checkpoint.");
        var there = Json<JsonObject>("recipe");
        if (!JsonNode.DeepEquals(there, recipe))
        {
            throw new TrainingException($"{path} is a checkpoint of another recipe: {string.Join(", ", TrainingRecipeJson.Differences(there, recipe))}. "
                + "Go on with the recipe it was begun with, or start anew with another checkpoint file.");
        }

        if (file.Metadata.GetValueOrDefault("sessions") != sessions)
            throw new TrainingException($"{path} is a checkpoint of a training on other sessions, or their spikes, behaviour, splits or unit regions have changed since. Go on with the sessions it was begun with in the same order, or start anew with another checkpoint file.");
        var began = file.Metadata.GetValueOrDefault("start", "");
        if (began != start)
            throw new TrainingException($"{path} is a checkpoint of a training that began from {Model(began)}, and now it is to begin from {Model(start)}. Go on with --start as it was begun with, or start anew with another checkpoint file.");
        var position = Json<TrainerPosition>("position");
        var reader = new WeightReader(file);
        restore(position, reader);
        return new TrainingCheckpoint
        {
            Recipe = there,
            Sessions = sessions,
            Start = start,
            Kernels = file.Metadata.GetValueOrDefault("kernels", ""),
            Position = position,
            Weights = [.. Enumerable.Range(0, parameters.Count).Select(i => reader.Floats(Now + parameters[i].Name, [.. parameters[i].Shape]))],
            Best = position.BestEpoch == 0 ? null
                : [.. parameters.ToTensors().Select(tensor => TensorData.Of(tensor.Name, reader.Floats(Best + tensor.Name, [.. tensor.Shape]), [.. tensor.Shape]))],
        };

        T Json<T>(string key)
        {
            try
            {
                return JsonSerializer.Deserialize<T>(file.Metadata.GetValueOrDefault(key, "null"), Options) ?? throw new JsonException("it is missing");
            }
            catch (JsonException error)
            {
                throw new ModelFormatException(path, $"__metadata__.{key}", $"cannot be read: {error.Message}", "The checkpoint is damaged; start anew.", error);
            }
        }
    }

    private static string Model(string hash) => hash.Length == 0 ? "no model" : $"the model {hash}";

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            // The next checkpoint overwrites it; what went wrong before is what the user must hear of.
        }
    }
}
