namespace Realtime.Models.Checkpoints;

/// <summary>A model made from a checkpoint.</summary>
public sealed class ImportedModel
{
    /// <summary>The bytes of the model file.</summary>
    public required byte[] Bytes { get; init; }

    /// <summary>The same, read back.</summary>
    public required ModelFile File { get; init; }

    /// <summary>Tensors taken.</summary>
    public required int Tensors { get; init; }

    /// <summary>Numbers in them.</summary>
    public required long Numbers { get; init; }

    /// <summary>What was passed over, in words.</summary>
    public required IReadOnlyList<string> PassedOver { get; init; }

    /// <summary>What the user should know before relying on the model.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Writes the model file in one step.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Save(path, Bytes);
}
