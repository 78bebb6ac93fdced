using Realtime.Engine.Decoding;
using Realtime.Engine.Sessions;
using Realtime.Models.Neuroformer.Training;
using Realtime.Models.Training;
using Realtime.Models.Transformer;
using Realtime.Models.Weights;

namespace Realtime.Models.Neuroformer;

/// <summary>Generates the spikes of consecutive windows of a recorded session. One thread.</summary>
public sealed class NeuroformerSessionGeneration
{
    private readonly NeuroformerConfig _config;
    private readonly NeuroformerSettings _settings;
    private readonly NeuroformerTokenizer _tokenizer;
    private readonly NeuroformerGenerator _generator;
    private readonly Session _session;
    private readonly SpikeTrain _train;
    private readonly float[]? _frames;
    private readonly SessionClips? _clips;
    private readonly UnitId?[] _unitOfToken;

    /// <param name="file">A model of this kind; it may be disposed afterwards.</param>
    /// <param name="session">The recording; spikes of units that the model does not know are passed over.</param>
    /// <param name="mode">What is taken for the past.</param>
    /// <param name="sampling">How tokens are chosen.</param>
    /// <param name="frames">[frames, height, width] from the session's start on, at the model's rate, as the network reads them; null for the session's own, of which clips are formed as live.</param>
    /// <exception cref="ModelFormatException">The file is no Neuroformer, or is damaged.</exception>
    /// <exception cref="ArgumentException">The session has none of the model's units, frames are missing or of another size, or the sampling is out of its range.</exception>
    public NeuroformerSessionGeneration(ModelFile file, Session session, NeuroformerPastMode mode, NeuroformerSampling sampling, float[]? frames = null)
    {
        if (file.Config.Kind != NeuroformerKind.Name)
            throw new ModelFormatException(file.Name, "config.kind", $"is '{file.Config.Kind}'; only '{NeuroformerKind.Name}' models generate spikes.", "Give a Neuroformer model.");
        _settings = SettingsJson.Read<NeuroformerSettings>(file.Config.Settings, file.Name, "config.settings");
        (_config, _session) = (_settings.HyperParameters, session);
        NeuroformerConfigCheck.Check(_config, file.Name);
        if (_settings.UnitTokens.Count != file.Config.Units.Count || _settings.UnitTokens.Any(token => token < 0 || token >= _config.Neurons))
            throw new ModelFormatException(file.Name, "config.settings.unit_tokens", $"does not give each of {file.Config.Units.Count} units one of {_config.Neurons} neurons.", "Import or train the model again.");
        _tokenizer = new NeuroformerTokenizer(_config);
        _generator = new NeuroformerGenerator(NeuroformerWeights.Read(new WeightReader(file.Tensors), _config), mode, sampling);
        var table = new UnitTable(file.Config.Units);
        if (!session.Units.Units.Any(unit => table.TryGetRow(unit, out _)))
            throw new ArgumentException($"None of the session's {session.Units.Count} units is in the model's unit table: the session names '{session.Units[0]}', the model '{table[0]}'.");
        _train = SpikeTrain.Of(session, table);
        _unitOfToken = new UnitId?[_config.IdWords];
        foreach (var (row, token) in _settings.UnitTokens.Index()) _unitOfToken[token] = table[row];
        _frames = frames;
        CheckFrames();
        if (_config.Frames is { } sizes && frames is null)
            _clips = new SessionClips(session, sizes, new FrameClip(sizes, _settings.FrameHold, _settings.FrameLookAhead), _settings.FrameScale);
    }

    public NeuroformerConfig Config => _config;

    /// <summary>The unit of an id token; null for SOS, EOS, PAD and neurons that the model file does not name.</summary>
    public UnitId? Unit(int token) => token >= 0 && token < _unitOfToken.Length ? _unitOfToken[token] : null;

    /// <summary>Generates the window that begins at a time; call with times that are whole windows apart, in order.</summary>
    /// <param name="startNs">Start of the current interval from the session's start, ns.</param>
    /// <exception cref="ArgumentException">The window lies outside the session, or has no video frames.</exception>
    public NeuroformerGenerated Next(long startNs)
    {
        Check(startNs);
        var endNs = startNs + _config.CurrNs;
        return _generator.Next(new NeuroformerGenerationWindow
        {
            FirstBin = (long)Math.Round((double)startNs / _config.ResolutionNs),
            Current = Spikes(startNs, endNs),
            Past = Spikes(startNs - _config.PrevNs, startNs),
            Frames = Frames(endNs),
            Inputs = [.. _config.Groups.Select(group => (IReadOnlyList<double?>)[.. group.Variables.Select(variable => variable.Predict ? null : (double?)0)])],
        });
    }

    /// <summary>Checks that a window can be generated, which takes no time.</summary>
    /// <inheritdoc cref="Next"/>
    public void Check(long startNs)
    {
        var endNs = startNs + _config.CurrNs;
        if (startNs - _config.PrevNs < 0 || endNs * 1e-9 > _session.DurationSeconds + 1e-9)
        {
            throw new ArgumentException(
                $"A window from {startNs * 1e-9:0.###} s needs spikes from {(startNs - _config.PrevNs) * 1e-9:0.###} to {endNs * 1e-9:0.###} s, but the session has 0 to {_session.DurationSeconds:0.###} s.");
        }

        if (_clips is not null && !_clips.Has(endNs, 0)) throw new ArgumentException(NoClip(startNs, endNs));
    }

    private string NoClip(long startNs, long endNs)
    {
        var (frames, sizes) = (_session.Frames!, _config.Frames!);
        var next = frames.FirstAt(_session.SampleAt(endNs * 1e-9));
        string[] near =
        [
            .. next > 0 ? [Seconds(frames.Samples[next - 1])] : Array.Empty<string>(),
            .. next < frames.Count ? [Seconds(frames.Samples[next])] : Array.Empty<string>(),
        ];
        return FormattableString.Invariant($"The window from {startNs * 1e-9:0.###} to {endNs * 1e-9:0.###} s has no {sizes.Count} video frames, {sizes.Rate} a second, and none shown before is young enough to stand for a missing one.")
            + $" Frames of session '{_session.Name}' were shown {(near.Length > 0 ? $"at {string.Join(" and ", near)}, nearest to its end" : "never")}. Begin elsewhere, or add the frames that are missing.";

        string Seconds(long sample) => FormattableString.Invariant($"{sample / _session.SampleRateHz:0.###} s");
    }

    private NeuroformerSpike[] Spikes(long startNs, long endNs)
    {
        var window = _train.Window(startNs, endNs);
        var spikes = new NeuroformerSpike[window.TimesNs.Length];
        for (var i = 0; i < spikes.Length; i++) spikes[i] = new((int)((window.TimesNs[i] - startNs) / _config.ResolutionNs), _settings.UnitTokens[window.Units[i]]);
        Array.Sort(spikes);
        return spikes;
    }

    private float[]? Frames(long endNs)
    {
        if (_clips is not null) return _clips.Of(endNs, 0);
        if (_config.Frames is not { } frames || _frames is null) return null;
        var pixels = frames.Height * frames.Width;
        var first = _tokenizer.FirstFrame(endNs * 1e-9, _frames.Length / pixels, _settings.FrameLookAhead);
        return _frames[(first * pixels)..((first + frames.Count) * pixels)];
    }

    private void CheckFrames()
    {
        if (_config.Frames is not { } frames) return;
        var shape = new FrameShape(frames.Height, frames.Width);
        if (_frames is null)
        {
            if (_session.Frames is not { } own)
                throw new ArgumentException($"The model reads video frames of {shape} pixels, and session '{_session.Name}' holds none. Add frames.times.npy and frames.values.npy to its folder (docs/session-layout.md), or give frames of your own.");
            if (own.Shape != shape) throw new ArgumentException($"The model reads video frames of {shape} pixels, and those of session '{_session.Name}' have {own.Shape}. Scale them to the model's size.");
            return;
        }

        if (_frames.Length % (frames.Height * frames.Width) != 0 || _frames.Length < frames.Count * frames.Height * frames.Width)
            throw new ArgumentException($"The frames have {_frames.Length} pixels in all; at least {frames.Count} whole frames of {frames.Height} x {frames.Width} are due.");
    }
}
