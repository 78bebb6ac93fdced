using Realtime.Engine.Decoding;
using Realtime.Host.Configuration;
using Realtime.Models;

namespace Realtime.Host.Running;

/// <summary>Makes the scorer of a live run once the behaviour stream has named its channels, or finds that there is nothing to score.</summary>
public sealed class LiveScoring(RigConfig config, ModelFile model, DecoderDescription decoder, RigPipeline pipeline, AnswerSeries series)
{
    private int _namesSeen;
    private volatile string? _note;

    /// <summary>Why answers could not be scored although behaviour came, or null.</summary>
    public string? Note => _note;

    /// <summary>The scorer, or null while the channels it needs have not been seen. Recorder thread only.</summary>
    public AnswerScorer? TryMake()
    {
        var names = pipeline.BehaviourSource?.Connection.BehaviourChannels ?? [];
        if (names.Count == _namesSeen) return null;
        _namesSeen = names.Count;
        var channels = names.Select(name => new OutputChannel(name, AngleUnitOf(name, decoder))).ToArray();
        try
        {
            var scorer = new AnswerScorer(model, decoder, channels, config.Sources[0].SampleRateHz, config.Ticks.OriginSample, series.Add);
            _note = null;
            return scorer;
        }
        catch (Exception problem) when (problem is ArgumentException or Models.Training.TrainingException)
        {
            _note = $"The answers could not be scored: {problem.Message}";
            return null;
        }
    }

    /// <summary>A behaviour channel with the unit that the model's outputs tell, or with none.</summary>
    internal static OutputChannel ChannelOf(string name, DecoderDescription decoder) =>
        decoder.Outputs.Where(output => output.Name == name).FirstOrDefault(new OutputChannel(name, AngleUnitOf(name, decoder)));

    // The stream carries no physical units; a channel that only serves through its cosine and sine is an angle in radians.
    private static string AngleUnitOf(string name, DecoderDescription decoder) => decoder.Outputs.Any(output => output.Name == "cos_" + name || output.Name == "sin_" + name) ? "rad" : "";
}
