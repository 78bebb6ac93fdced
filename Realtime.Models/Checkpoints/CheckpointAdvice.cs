namespace Realtime.Models.Checkpoints;

/// <summary>What the owner of a refused checkpoint can do about it.</summary>
internal static class CheckpointAdvice
{
    /// <summary>For files that hold more than plain values and tensors.</summary>
    public const string SaveStateDict =
        "Nothing of the file was run. If you trust it, save the state dict alone where it was trained, with Python: " +
        "c = torch.load('FILE', map_location='cpu', weights_only=False); torch.save({'state_dict': c['state_dict']}, 'NEW.pt') " +
        "and import NEW.pt with --config (docs/import.md).";

    /// <summary>For the format before PyTorch 1.6.</summary>
    public const string SaveAsZip =
        "Save it again with PyTorch 1.6 or newer, with Python: torch.save(torch.load('FILE', map_location='cpu', weights_only=False), 'NEW.pt')";

    /// <summary>For archives of programs.</summary>
    public const string SaveFromModule =
        "It holds a program, not weights alone. Save the weights from the Python model itself: torch.save(model.state_dict(), 'NEW.pt') " +
        "and import NEW.pt with --config (docs/import.md).";

    /// <summary>For damage.</summary>
    public const string CopyAgain = "Copy the file again; it may be damaged or cut short.";
}
