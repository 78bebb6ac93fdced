using Realtime.Engine.Decoding;

namespace Realtime.Models.Training;

/// <summary>A fitted model: the decoder, ready to run, and the file it was made from.</summary>
public sealed class TrainedModel
{
    private readonly byte[] _bytes;

    internal TrainedModel(byte[] bytes, ModelFile file, IDecoder decoder, TrainingReport report)
    {
        _bytes = bytes;
        File = file;
        Decoder = decoder;
        Report = report;
    }

    /// <summary>Read back from the bytes that <see cref="Save"/> writes, so that what was scored is what will be loaded.</summary>
    public IDecoder Decoder { get; }

    /// <summary>Config, hash and tensors.</summary>
    public ModelFile File { get; }

    public TrainingReport Report { get; }

    /// <summary>Writes the model file in one step.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => ModelFile.Save(path, _bytes);
}
